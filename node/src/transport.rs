//! WebSockets: opening one, when to try again, and keeping one going.
//!
//! A [`Dialer`] opens a connection; a [`Backoff`] says how long to wait after one ended; [`pump`] moves frames between
//! one open socket and two bounded channels until it ends, and says why it did. The pump serves both ends: what it
//! drives is any stream and sink of [`Frame`]s, and [`Adapted`] makes one of whatever WebSocket there is.

mod activity;
mod adapted;
mod backoff;
mod dialer;
mod frame;
mod paced;
mod pump;

pub use activity::{Activity, Watched};
pub use adapted::Adapted;
pub use backoff::Backoff;
pub use dialer::{ClientSocket, DialError, DialSettings, Dialer, Trust, TrustError};
pub use frame::{CloseReason, Frame, FrameSocket, SocketError};
pub use paced::Paced;
pub use pump::{Ended, PumpSettings, pump};
