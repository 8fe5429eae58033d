//! Limits by name: as a table of the settings file, and as a flag.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::str::FromStr;

use yilian_core::sync::limits::Limits;

use super::SettingsError;

/// One limit as it is given by flag or environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitSetting {
    /// Which.
    pub name: String,
    /// What it is to be.
    pub value: u64,
}

impl FromStr for LimitSetting {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('=');
        let setting = parts.and_then(|(name, value)| {
            Some(Self {
                name: name.trim().to_owned(),
                value: value.trim().replace('_', "").parse().ok()?,
            })
        });
        setting.ok_or_else(|| format!("{text:?} is not NAME=NUMBER, such as orphans=5000"))
    }
}

/// What a limit may be set to.
fn range(name: &str) -> RangeInclusive<u64> {
    const GIB: u64 = 1 << 30;
    match name {
        // An introduction has to fit.
        "frame_bytes" => 1_024..=GIB,
        "change_ops" | "change_preds" | "op_ahead" => 1..=u64::from(u32::MAX),
        "bloom_probes" => 1..=1_024,
        "haves" => 1..=65_536,
        _ if name.ends_with("_bytes") => 1..=GIB,
        _ => 1..=100_000_000,
    }
}

/// The limits that a table and flags ask for; flags count before the table.
pub(super) fn read(
    table: &BTreeMap<String, u64>,
    flags: &[LimitSetting],
) -> Result<Limits, SettingsError> {
    let mut limits = Limits::default();
    let flags = flags.iter().map(|flag| (&flag.name, &flag.value));
    for (name, value) in table.iter().chain(flags) {
        set(&mut limits, name, *value)?;
    }
    Ok(limits)
}

/// Sets one limit.
pub(super) fn set(limits: &mut Limits, name: &str, value: u64) -> Result<(), SettingsError> {
    let known = limits.by_name().map(|(name, _)| name);
    let limit = limits
        .by_name()
        .into_iter()
        .find(|(known, _)| *known == name);
    let Some((_, limit)) = limit else {
        return Err(SettingsError::NoLimit {
            name: name.to_owned(),
            known: known.join(", "),
        });
    };
    let range = range(name);
    if !range.contains(&value) || !limit.set(value) {
        return Err(SettingsError::Range {
            setting: format!("limits.{name}"),
            value,
            least: *range.start(),
            most: *range.end(),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn every_limit_can_be_set_to_the_ends_of_its_range_and_no_further() {
        for (name, _) in Limits::default().by_name() {
            let range = range(name);
            for value in [*range.start(), *range.end()] {
                let mut limits = Limits::default();
                set(&mut limits, name, value).unwrap();
                let set = limits.by_name().into_iter().find(|(at, _)| *at == name);
                assert_eq!(set.map(|(_, limit)| limit.value()), Some(value));
            }
            for value in [range.start() - 1, range.end() + 1] {
                let error = set(&mut Limits::default(), name, value).unwrap_err();
                assert!(matches!(error, SettingsError::Range { .. }), "{error}");
            }
            // The default is one of them.
            let default = Limits::default()
                .by_name()
                .map(|(name, limit)| (name, limit.value()));
            let default = default.iter().find(|(at, _)| *at == name);
            assert!(
                default.is_some_and(|(_, value)| range.contains(value)),
                "{name}"
            );
        }
    }

    #[test]
    fn a_limit_is_a_name_and_a_number() {
        assert_eq!(
            "orphans=5_000".parse(),
            Ok(LimitSetting {
                name: "orphans".to_owned(),
                value: 5_000
            })
        );
        assert!("orphans".parse::<LimitSetting>().is_err());
        assert!("orphans=many".parse::<LimitSetting>().is_err());
    }
}
