//! The fixed first changes of each kind of document.
