// Written anew by a build that has several editions: a project that stands alone has one.
window.nwlEditions = null;
