use std::collections::BTreeSet;
use std::io::IsTerminal as _;
use std::time::{Duration, Instant};

use indicatif::ProgressBar;
use serde_json::json;
use tokio::sync::broadcast;
use tokio::time::{MissedTickBehavior, interval};
use yilian_core::document::Name;
use yilian_core::records::Collection;
use yilian_core::rules::Language;
use yilian_node::{Change, LinkState, Node, Status};

use super::args;
use super::context::Context;
use super::failure::Failure;
use super::label::label;
use super::out;

/// How often the status is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// How often progress is said where it cannot be shown.
const SAY_EVERY: Duration = Duration::from_secs(2);
/// The most records of one change that are named.
const RECORDS_MAX: usize = 5;
/// Failed attempts to connect after which `--once` gives up.
const ATTEMPTS_MAX: u32 = 3;

pub(crate) async fn run(context: &Context, asked: &args::Sync) -> Result<(), Failure> {
    let node = context.open().await?;
    let Some(hub) = node.profile().hub.clone() else {
        return Err(Failure::new(
            "没有设中继地址；用 yilian init 加上 --hub 设置",
            "no relay is set; name one with yilian init and --hub",
        ));
    };
    node.go_online();
    let outcome = if asked.once {
        once(context, &node, &hub, Duration::from_secs(asked.timeout)).await
    } else {
        watch(context, &node).await
    };
    node.stop().await;
    outcome
}

/// Until everything here is durable at the hub, and everything subscribed is here.
async fn once(
    context: &Context,
    node: &Node,
    hub: &str,
    patience: Duration,
) -> Result<(), Failure> {
    let mut progress = Progress::new(context);
    let (mut last, mut since) = (None, Instant::now());
    let mut tick = interval(LOOK_EVERY);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        let status = node.status().await?;
        if status.in_step && has_shared_cases(node).await? {
            // What the clerk writes is to be saved at the hub too.
            if tend(context, node).await? {
                continue;
            }
            progress.finish();
            return in_step(context, node).await;
        }
        if let Some(reason) = status.refused.first() {
            return Err(Failure::new(
                format!("中心拒收了一些修改（{reason}）"),
                format!("the hub refused changes: {reason}"),
            ));
        }
        if let LinkState::Connecting(dialling) = &status.link
            && dialling.attempts >= ATTEMPTS_MAX
            && let Some(failure) = &dialling.failure
        {
            return Err(Failure::new(
                format!("连不上 {hub}（{failure}）；本地数据都在，稍后再试"),
                format!("cannot reach {hub}: {failure}; everything is kept here, try again later"),
            ));
        }
        progress.show(&status);
        let now = (
            status.arriving,
            status.changes_waiting(),
            status.waiting.len(),
            status.catalogue_read,
        );
        if last != Some(now) {
            (last, since) = (Some(now), Instant::now());
        } else if since.elapsed() > patience {
            return Err(stalled(hub, &status, patience));
        }
    }
}

/// Whether what other sites handed to this one is here, too.
async fn has_shared_cases(node: &Node) -> Result<bool, Failure> {
    for name in node.follow_cases().await? {
        if !node.has_heard(&name).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Lets the clerk see to the site's goods; says whether it had anything to do.
async fn tend(context: &Context, node: &Node) -> Result<bool, Failure> {
    let tended = node.tend_supplies().await?;
    if tended.is_none() {
        return Ok(false);
    }
    let (answered, granted) = (tended.answered, tended.granted);
    if !context.json {
        out::note(context.pick(
            &format!("物资：答复申领 {answered} 条，给其他设备补足 {granted} 次"),
            &format!("goods: {answered} claims answered, other devices topped up {granted} times"),
        ));
    }
    Ok(true)
}

async fn in_step(context: &Context, node: &Node) -> Result<(), Failure> {
    let documents = node.names().await?.len();
    if context.json {
        return out::json(&json!({ "in_step": true, "documents": documents }));
    }
    context.say(
        &format!("已同步：{documents} 个文档，本机的修改都已存到中心"),
        &format!("in step: {documents} documents, everything written here is saved at the hub"),
    )
}

fn stalled(hub: &str, status: &Status, patience: Duration) -> Failure {
    let (seconds, arriving, waiting) = (patience.as_secs(), status.arriving, status.waiting.len());
    let failure = match &status.link {
        LinkState::Connecting(dialling) => dialling.failure.clone(),
        LinkState::Offline | LinkState::Online { .. } => None,
    };
    let why = failure.unwrap_or_default();
    let (zh, en) = match why.as_str() {
        "" => (String::new(), String::new()),
        why => (format!("（{why}）"), format!(" ({why})")),
    };
    Failure::new(
        format!(
            "{hub} {seconds} 秒没有进展{zh}；还有 {arriving} 个文档未收全，{waiting} 个未存到中心"
        ),
        format!(
            "no progress with {hub} for {seconds} s{en}; {arriving} documents are still arriving, {waiting} are not saved there"
        ),
    )
}

/// Until somebody stops it: shows what changes, whoever changed it.
async fn watch(context: &Context, node: &Node) -> Result<(), Failure> {
    let mut changes = node.changes();
    let mut link = node.link();
    let mut opened = BTreeSet::new();
    open_new(node, &mut opened).await?;
    let mut tick = interval(Duration::from_millis(500));
    // Whether the ledgers may have changed since the clerk looked.
    let mut due = true;
    // Whether another site may have handed a case to this one since that was looked at.
    let mut shared = true;
    let mut stop = std::pin::pin!(stopped());
    say_link(context, &link.borrow_and_update().clone())?;
    loop {
        tokio::select! {
            () = &mut stop => return Ok(()),
            _ = tick.tick() => {
                for name in open_new(node, &mut opened).await? {
                    due |= matches!(name, Name::Supplies { .. });
                    shared |= matches!(name, Name::Case { .. });
                    say_arrived(context, &name)?;
                }
                // What tells of a case may be named before it is here: then it changes when it comes.
                if std::mem::take(&mut shared) {
                    node.follow_cases().await?;
                }
                if due && node.status().await?.in_step {
                    due = false;
                    tend(context, node).await?;
                }
            },
            changed = link.changed() => if changed.is_ok() {
                due = true;
                let state = link.borrow_and_update().clone();
                say_link(context, &state)?;
            },
            change = changes.recv() => match change {
                Ok(change) => {
                    due |= matches!(change.name, Name::Supplies { .. });
                    shared |= tells_of_cases(&change);
                    say_change(context, node, &change).await?;
                }
                Err(broadcast::error::RecvError::Lagged(_)) => (due, shared) = (true, true),
                Err(broadcast::error::RecvError::Closed) => return Ok(()),
            },
        }
    }
}

/// Whether a change may say that a case was handed to this site.
fn tells_of_cases(change: &Change) -> bool {
    let mut patches = change.patches.iter();
    patches.any(|patch| patch.collection == Collection::Referrals)
}

/// What is open is what changes are told of. Answers what was not here before.
async fn open_new(node: &Node, opened: &mut BTreeSet<Name>) -> Result<Vec<Name>, Failure> {
    let new: Vec<Name> = node
        .names()
        .await?
        .into_iter()
        .filter(|name| !opened.contains(name))
        .collect();
    if !new.is_empty() {
        opened.extend(new.iter().cloned());
        node.read(new.clone(), |_| ()).await?;
    }
    Ok(new)
}

fn say_arrived(context: &Context, name: &Name) -> Result<(), Failure> {
    if context.json {
        return out::json_line(&json!({ "document": name, "arrived": true }));
    }
    context.say(&format!("{name}：收到"), &format!("{name}: arrived"))
}

fn say_link(context: &Context, state: &LinkState) -> Result<(), Failure> {
    if context.json {
        return out::json_line(&json!({ "link": state }));
    }
    match state {
        LinkState::Offline => context.say("离线", "offline"),
        LinkState::Online { .. } => context.say("已连上中心", "connected to the hub"),
        LinkState::Connecting(dialling) => {
            let failure = dialling.failure.as_ref();
            let zh = failure
                .map(|failure| format!("（{failure}）"))
                .unwrap_or_default();
            let en = failure
                .map(|failure| format!(" ({failure})"))
                .unwrap_or_default();
            context.say(
                &format!("正在连接中心{zh}"),
                &format!("connecting to the hub{en}"),
            )
        }
    }
}

async fn say_change(context: &Context, node: &Node, change: &Change) -> Result<(), Failure> {
    let name = &change.name;
    if context.json {
        return out::json_line(&json!({
            "document": name,
            "local": change.local,
            "records": change.patches.len(),
            "patches": &*change.patches,
        }));
    }
    let count = change.patches.len();
    context.say(
        &format!("{name}：{count} 条记录有变化"),
        &format!("{name}: {count} records changed"),
    )?;
    for text in labels(node, change).await? {
        out::line(&format!("  {text}"))?;
    }
    if count > RECORDS_MAX {
        out::line("  ……")?;
    }
    Ok(())
}

/// What people call the records that changed, the first of them.
async fn labels(node: &Node, change: &Change) -> Result<Vec<String>, Failure> {
    let (name, patches) = (change.name.clone(), change.patches.clone());
    let labels = node
        .read(vec![name.clone()], move |documents| {
            let Some(document) = documents.get(&name) else {
                return Vec::new();
            };
            patches
                .iter()
                .take(RECORDS_MAX)
                .filter_map(|patch| document.view().entry(patch.collection, patch.record))
                .map(label)
                .collect()
        })
        .await?;
    Ok(labels)
}

/// Returns once the process is asked to stop.
async fn stopped() {
    #[cfg(unix)]
    if let Ok(mut terminate) =
        tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
    {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
        return;
    }
    // Without a way to be told, it runs until it is killed; the store survives that.
    let _ = tokio::signal::ctrl_c().await;
}

/// A line that moves, on a terminal; elsewhere a line now and then.
struct Progress {
    bar: Option<ProgressBar>,
    language: Language,
    /// What was said last, and when.
    said: Option<(String, Instant)>,
    quiet: bool,
}

impl Progress {
    fn new(context: &Context) -> Self {
        let shown = std::io::stderr().is_terminal() && !context.json;
        let bar = shown.then(|| {
            let bar = ProgressBar::new_spinner();
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        });
        Self {
            bar,
            language: context.language,
            said: None,
            quiet: context.json,
        }
    }

    fn show(&mut self, status: &Status) {
        let (arriving, waiting) = (status.arriving, status.waiting.len());
        let text = match (&status.link, self.language) {
            (LinkState::Online { .. }, Language::Zh) => {
                format!("同步中：待收 {arriving} 个文档，待存 {waiting} 个")
            }
            (LinkState::Online { .. }, Language::En) => {
                format!("syncing: {arriving} documents to receive, {waiting} to save")
            }
            (_, Language::Zh) => "正在连接".to_owned(),
            (_, Language::En) => "connecting".to_owned(),
        };
        if let Some(bar) = &self.bar {
            return bar.set_message(text);
        }
        let news = self
            .said
            .as_ref()
            .is_none_or(|(last, at)| *last != text && at.elapsed() > SAY_EVERY);
        if news && !self.quiet {
            out::note(&text);
            self.said = Some((text, Instant::now()));
        }
    }

    fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
