// Written anew by staging: what this edition is called, and where its glossary is.
window.nwlEdition = null;
