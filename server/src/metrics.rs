use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Instant;

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::{ConstCounter, Counter};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};
use yilian_core::sync::limits::{Hits, Limits};

use crate::condition::Condition;
use crate::http::Shared;

/// One label: its name and its value.
type Label = [(&'static str, &'static str); 1];

/// Limits that are the relay's own, by the names of their settings; and `share`: what one connection may take of its time.
const OWN_LIMITS: [&str; 8] = [
    "join_timeout",
    "max_breaches",
    "max_connections",
    "max_connections_per_address",
    "max_large_bytes",
    "request_timeout",
    "share",
    "silence_timeout",
];

/// What the relay counts. Handles; clones count together.
#[derive(Clone, Debug)]
pub(crate) struct Metrics {
    started: Instant,
    pub(crate) connections: Arc<AtomicUsize>,
    pub(crate) connections_total: Arc<AtomicU64>,
    pub(crate) connections_refused: Arc<AtomicU64>,
    /// Connections that are over, by why.
    ended: Family<Label, Counter>,
    /// Limits that were reached, by name.
    limits: Family<Label, Counter>,
    /// Documents in memory, by shard.
    pub(crate) documents: Arc<[AtomicUsize]>,
    /// How the store is.
    pub(crate) condition: Condition,
}

impl Metrics {
    pub(crate) fn new(shards: usize) -> Self {
        let limits = Family::<Label, Counter>::default();
        let engine = Limits::default().by_name().map(|(name, _)| name);
        for name in engine.into_iter().chain(OWN_LIMITS) {
            // That nobody ever reached it is to be seen as well.
            drop(limits.get_or_create(&[("limit", name)]));
        }
        Self {
            started: Instant::now(),
            connections: Arc::default(),
            connections_total: Arc::default(),
            connections_refused: Arc::default(),
            ended: Family::default(),
            limits,
            documents: (0..shards).map(|_| AtomicUsize::new(0)).collect(),
            condition: Condition::default(),
        }
    }

    /// A connection is over.
    pub(crate) fn ended(&self, reason: &'static str) {
        self.ended.get_or_create(&[("reason", reason)]).inc();
    }

    /// Somebody reached a limit.
    pub(crate) fn limit(&self, name: &'static str) {
        self.limits.get_or_create(&[("limit", name)]).inc();
    }

    /// A connection was refused at a limit.
    pub(crate) fn refused(&self, limit: &'static str) {
        self.connections_refused.fetch_add(1, Ordering::Relaxed);
        self.limit(limit);
    }

    /// An engine has counted on.
    pub(crate) fn limits(&self, before: &Hits, now: &Hits) {
        for (name, count) in now.iter() {
            let counted = before.iter().find(|(limit, _)| *limit == name);
            let more = count - counted.map_or(0, |(_, counted)| counted);
            self.limits.get_or_create(&[("limit", name)]).inc_by(more);
        }
    }

    /// Everything in Prometheus' text format.
    pub(crate) fn render(&self, shared: &Shared) -> String {
        let (writer, compactor, verifier) = (&shared.writer, &shared.compactor, &shared.verifier);
        // Each account knows it, and none tells.
        let share = self.limits.get_or_create(&[("limit", "share")]);
        share.inc_by(shared.budget.overdrafts().saturating_sub(share.get()));
        drop(share);
        let mut registry = Registry::with_prefix("yilian_relay");
        let mut gauge = |name: &str, help: &str, value: f64| {
            registry.register(name, help, ConstGauge::new(value));
        };
        let documents: usize = self
            .documents
            .iter()
            .map(|count| count.load(Ordering::Relaxed))
            .sum();
        let statistics = writer.statistics();
        gauge(
            "connections_overdrawn",
            "Connections that have taken more than their share, and are not read from",
            shared.budget.overdrawn() as f64,
        );
        gauge(
            "connections",
            "Open connections",
            self.connections.load(Ordering::Relaxed) as f64,
        );
        gauge(
            "documents_in_memory",
            "Documents in memory",
            documents as f64,
        );
        gauge(
            "commit_backlog_bytes",
            "Bytes that wait to be committed",
            statistics.backlog_bytes as f64,
        );
        gauge(
            "healthy",
            "1 if the last commit succeeded",
            f64::from(u8::from(self.condition.is_healthy())),
        );
        gauge(
            "documents_damaged",
            "Documents that lack changes they once had, or cannot be read",
            self.condition.damaged() as f64,
        );
        gauge(
            "uptime_seconds",
            "Seconds since the start",
            self.started.elapsed().as_secs_f64(),
        );
        let mut counter = |name: &str, help: &str, value: u64| {
            registry.register(name, help, ConstCounter::new(value));
        };
        counter(
            "connections_opened",
            "Connections since the start",
            self.connections_total.load(Ordering::Relaxed),
        );
        counter(
            "connections_refused",
            "Connections refused over the limit",
            self.connections_refused.load(Ordering::Relaxed),
        );
        counter("commits", "Groups committed", statistics.groups);
        counter(
            "commits_failed",
            "Groups whose commit failed",
            statistics.groups_failed,
        );
        counter(
            "commit_requests",
            "Requests in the groups committed",
            statistics.requests,
        );
        counter(
            "commit_bytes",
            "Bytes in the groups committed",
            statistics.size_bytes,
        );
        let packed = compactor.statistics();
        counter("packed_changes", "Old changes packed", packed.changes);
        counter("snapshots", "Snapshots made", packed.snapshots);
        counter(
            "packings_failed",
            "Times that a document could not be packed",
            packed.failed,
        );
        let verified = verifier.statistics();
        counter(
            "verified_documents",
            "Documents whose changes were tried on a copy",
            verified.documents,
        );
        counter(
            "quarantined_changes",
            "Changes that were found to break Automerge",
            verified.quarantined,
        );
        counter(
            "verifications_failed",
            "Times that a document could not be tried",
            verified.failed,
        );
        counter(
            "store_looked_through",
            "Times that everything stored was read to find damage",
            packed.rounds,
        );
        registry.register(
            "limit_hits",
            "Times that a limit was reached, by its name",
            self.limits.clone(),
        );
        registry.register(
            "connections_ended",
            "Connections that are over, by why",
            self.ended.clone(),
        );
        registry.register_with_unit(
            "commit_busy",
            "Time spent in commits",
            Unit::Seconds,
            ConstCounter::new(statistics.busy.as_secs_f64()),
        );
        registry.register(
            "build",
            "The relay's version",
            Info::new([("version", env!("CARGO_PKG_VERSION"))]),
        );
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = encode(&mut text, &registry);
        text
    }
}
