//! What goes over the sockets, read and written without building anything: the driver has to keep up
//! with every server.

pub(crate) mod chunk;
pub(crate) mod envelope;
pub(crate) mod sync_message;
pub(crate) mod yjs;
