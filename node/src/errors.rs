//! Errors as a person or a log reads them.

use std::error::Error;

/// An error and its causes in one line: `what: why: why that`.
#[must_use]
pub fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        // Some libraries repeat their cause in their own message.
        if !text.ends_with(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        source = cause.source();
    }
    text
}

/// [`chain`], where the operating system is to blame for what is common in the words of a Chinese reader.
#[must_use]
pub fn chain_zh(error: &(dyn Error + 'static)) -> String {
    let mut cause = Some(error);
    while let Some(at) = cause {
        let known = at.downcast_ref::<std::io::Error>();
        if let Some((known, text)) = known.and_then(|known| Some((known, io_zh(known.kind())?))) {
            return chain(error).replace(&known.to_string(), text);
        }
        cause = at.source();
    }
    chain(error)
}

const fn io_zh(kind: std::io::ErrorKind) -> Option<&'static str> {
    use std::io::ErrorKind as Kind;
    Some(match kind {
        Kind::NotFound => "没有这个文件或目录",
        Kind::PermissionDenied => "没有权限",
        Kind::AlreadyExists => "已经有了",
        Kind::IsADirectory => "这是目录，不是文件",
        Kind::NotADirectory => "路径里有一段不是目录",
        Kind::StorageFull => "磁盘满了",
        Kind::ReadOnlyFilesystem => "磁盘只能读",
        Kind::ConnectionRefused => "对方没有在听",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use std::io::{Error as IoError, ErrorKind};

    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("it cannot be opened")]
    struct Opening(#[source] IoError);

    #[test]
    fn what_the_system_refuses_is_said_in_chinese_wherever_it_stands() {
        for kind in [ErrorKind::NotFound, ErrorKind::StorageFull] {
            let said = chain_zh(&IoError::from(kind));
            assert!(said.chars().all(|c| !c.is_ascii()), "{said}");
            let whole = chain_zh(&Opening(kind.into()));
            assert_eq!(whole, format!("it cannot be opened: {said}"));
        }
        let other = Opening(IoError::other("odd"));
        assert_eq!(chain_zh(&other), "it cannot be opened: odd");
    }
}
