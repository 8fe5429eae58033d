#![allow(clippy::unwrap_used, reason = "tests")]

use super::*;

fn with_file(text: &str, flags: &[&str]) -> Result<Settings, SettingsError> {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("relay.toml");
    std::fs::write(&file, text).unwrap();
    let mut flags = Flags::parse_from(["yilian-relay"].iter().chain(flags));
    flags.config = Some(file);
    Settings::read(flags)
}

#[test]
fn flags_count_before_the_file_and_the_file_before_defaults() {
    let text =
        "data = \"from-file\"\nlisten = \"127.0.0.1:1\"\nmax_connections = 7\njoin_timeout = 3";
    let settings = with_file(text, &["--listen", "127.0.0.1:2", "--data", "from-flag"]).unwrap();
    assert_eq!(settings.listen.port(), 2);
    assert_eq!(settings.data, PathBuf::from("from-flag"));
    assert_eq!(settings.connections_max, 7);
    assert_eq!(settings.introduction, Duration::from_secs(3));
    assert_eq!(settings.silence_max, Duration::from_secs(60));
    assert_eq!(settings.limits.documents, Limits::default().documents);
}

#[test]
fn a_setting_that_there_is_not_is_an_error() {
    assert!(matches!(
        with_file("lissten = 1", &[]),
        Err(SettingsError::Parse { .. })
    ));
    assert!(matches!(with_file("", &[]), Err(SettingsError::NoData)));
}

#[test]
fn limits_are_named_in_a_table_or_by_flag_and_each_has_a_range() {
    let text = "data = \"d\"\nmax_frame_bytes = 4096\n[limits]\norphans = 5\nhaves = 3";
    let settings = with_file(text, &["--limit", "haves=4", "--limit", "hashes=6"]).unwrap();
    let usual = Limits::default();
    let expected = Limits {
        frame_bytes: 4_096,
        orphans: 5,
        haves: 4,
        hashes: 6,
        ..usual
    };
    assert_eq!(settings.limits, expected);
    let wrong = |text: &str| {
        let text = format!("data = \"d\"\n{text}");
        with_file(&text, &[]).unwrap_err().to_string()
    };
    assert!(
        wrong("[limits]\norphens = 5")
            .starts_with("there is no limit orphens: there are frame_bytes, ")
    );
    assert_eq!(
        wrong("[limits]\nbloom_probes = 5000"),
        "limits.bloom_probes is 5000: set it to something from 1 to 1024"
    );
    assert_eq!(
        wrong("compact_percent = 101"),
        "compact_percent is 101: set it to something from 1 to 100"
    );
    assert_eq!(
        wrong("max_connections = 0"),
        "max_connections is 0: set it to something from 1 to 1000000"
    );
}

#[test]
fn one_address_may_have_half_of_all_connections_unless_told_otherwise() {
    let settings = |text: &str| with_file(&format!("data = \"d\"\n{text}"), &[]).unwrap();
    assert_eq!(settings("").connections_per_address_max, 5_000);
    assert_eq!(
        settings("max_connections = 1").connections_per_address_max,
        1
    );
    let told = settings("max_connections_per_address = 7\nproxy = [\"127.0.0.1\"]");
    assert_eq!(told.connections_per_address_max, 7);
    assert_eq!(told.proxies, [IpAddr::from([127, 0, 0, 1])]);
}
