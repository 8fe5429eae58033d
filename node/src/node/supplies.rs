//! Goods: a node is a device that holds rights, and its clerk sees to them while it is connected.

use std::path::PathBuf;

use thiserror::Error;
use yilian_core::document::{Name, SiteKey};
use yilian_core::import::Plan;
use yilian_core::records::{Device, Edit, RecordId};
use yilian_core::storage::Commit;
use yilian_core::supplies::{self, Desk, Ledger, SupplyError, clerk};

use super::holder::{HOLDER, Holder, Keeper};
use super::{Documents, EditFailed, LinkState, Node, NodeError, ReadError};
use crate::identity::{RandomError, random_bytes};
use crate::store::CommitError;

/// Why goods were not moved.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SupplyFailed {
    // Caller.
    /// What was asked for does not go.
    #[error(transparent)]
    Supply(#[from] SupplyError),
    /// A hub without a site holds no goods.
    #[error("this node stands at no site")]
    NoSite,
    // Environment.
    /// The documents cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The lines were not written.
    #[error(transparent)]
    Edit(#[from] EditFailed),
    /// The mark outside the database cannot be written: nothing was moved.
    #[error("cannot write {}", path.display())]
    Mark {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The store failed: nothing was moved.
    #[error(transparent)]
    Store(#[from] CommitError),
    /// There are no random bytes.
    #[error(transparent)]
    Random(#[from] RandomError),
}

impl From<NodeError> for SupplyFailed {
    fn from(error: NodeError) -> Self {
        Self::Read(error.into())
    }
}

/// What the clerk did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tended {
    /// Claims that were answered.
    pub answered: usize,
    /// Grants that were made.
    pub granted: usize,
}

impl Tended {
    /// Whether there was anything to do.
    #[must_use]
    pub const fn is_none(self) -> bool {
        self.answered == 0 && self.granted == 0
    }
}

impl Node {
    /// What this node holds rights to goods as: none where it never held any, or where its store was copied or restored.
    pub async fn holder(&self) -> Option<String> {
        let holder = self.inner.keeper.lock().await.proved();
        holder.map(|holder| holder.name())
    }

    /// Counts the ledger of a site, and of those it received goods from, and `read`s it. `others` are counted as well.
    ///
    /// # Errors
    /// See [`Node::read`].
    pub async fn read_ledger<T: Send + 'static>(
        &self,
        site: &SiteKey,
        others: Vec<SiteKey>,
        read: impl FnOnce(&Ledger) -> T + Send + 'static,
    ) -> Result<T, ReadError> {
        self.read_goods(site, others, |_, ledger| read(ledger))
            .await
    }

    /// As [`Node::read_ledger`], with the documents that the ledger was counted from and the directory of sites.
    ///
    /// # Errors
    /// See [`Node::read`].
    pub async fn read_goods<T: Send + 'static>(
        &self,
        site: &SiteKey,
        others: Vec<SiteKey>,
        read: impl FnOnce(&Documents<'_>, &Ledger) -> T + Send + 'static,
    ) -> Result<T, ReadError> {
        let own = supplies::document(site);
        let named = own.clone();
        let sources = self
            .read(vec![own.clone()], move |documents| {
                let document = documents.get(&named);
                document.map(|document| supplies::sources(document.view()))
            })
            .await?;
        let mut sites = sources.unwrap_or_default();
        sites.extend(others);
        sites.insert(site.clone());
        let ledgers = sites.iter().map(supplies::document);
        let names: Vec<Name> = ledgers.chain([Name::Sites]).collect();
        self.read(names, move |documents| {
            let views = documents.iter().filter_map(|document| {
                let site = document.name()?.site()?;
                Some((site, document.view()))
            });
            read(documents, &Ledger::new(views))
        })
        .await
    }

    /// Moves goods: `plan` makes the lines from the ledger, at this node's desk; `others` are sites whose ledgers it has to see.
    /// Plans are made one after the other, so that two never spend the same. Answers how many documents changed.
    ///
    /// # Errors
    /// What the plan says, or nothing could be written; then nothing was moved.
    pub async fn move_goods(
        &self,
        others: Vec<SiteKey>,
        message: &str,
        plan: impl FnOnce(&Ledger, &Desk<'_>) -> Result<Vec<Edit>, SupplyError> + Send + 'static,
    ) -> Result<usize, SupplyFailed> {
        let mut keeper = self.inner.keeper.lock().await;
        let holder = self.rightful(&mut keeper).await?;
        let plan = |_: &Documents<'_>, ledger: &Ledger, desk: &Desk<'_>| {
            plan(ledger, desk).map(|edits| (edits, ()))
        };
        let (edits, ()) = self.planned(holder.name(), others, plan).await??;
        self.write_lines(&mut keeper, holder, edits, message).await
    }

    /// Enters what a file says, as [`Node::move_goods`] moves goods: `plan` makes of the documents, the ledger and this node's desk
    /// what an import would do. With `dry_run` nothing is written.
    ///
    /// # Errors
    /// Nothing could be written; then nothing was entered. What the plan says is in the answer.
    pub async fn import_goods<E: Send + 'static>(
        &self,
        message: &str,
        dry_run: bool,
        plan: impl FnOnce(&Documents<'_>, &Ledger, &Desk<'_>) -> Result<Plan, E> + Send + 'static,
    ) -> Result<Result<Plan, E>, SupplyFailed> {
        let mut keeper = self.inner.keeper.lock().await;
        let holder = match dry_run {
            // Becoming a holder is written down.
            true => None,
            false => Some(self.rightful(&mut keeper).await?),
        };
        let name = holder.or(keeper.proved()).map(|holder| holder.name());
        let plan = |documents: &Documents<'_>, ledger: &Ledger, desk: &Desk<'_>| {
            let plan = plan(documents, ledger, desk)?;
            Ok((plan.edits.clone(), plan))
        };
        let planned = self.planned(name.unwrap_or_default(), Vec::new(), plan);
        match (planned.await?, holder) {
            (Ok((edits, plan)), Some(holder)) if !plan.is_empty() => {
                self.write_lines(&mut keeper, holder, edits, message)
                    .await?;
                Ok(Ok(plan))
            }
            (planned, _) => Ok(planned.map(|(_, plan)| plan)),
        }
    }

    /// What this node holds rights as, which it becomes if it has to.
    async fn rightful(&self, keeper: &mut Keeper) -> Result<Holder, SupplyFailed> {
        let site = self.inner.profile.site.as_ref();
        let site = site.ok_or(SupplyFailed::NoSite)?;
        match keeper.proved() {
            Some(holder) if !self.is_lost(site, holder).await? => Ok(holder),
            _ => self.incarnate(keeper).await,
        }
    }

    /// What a plan writes, with what makes this device known, and what the plan tells.
    async fn planned<T: Send + 'static, E: Send + 'static>(
        &self,
        holder: String,
        others: Vec<SiteKey>,
        plan: impl FnOnce(&Documents<'_>, &Ledger, &Desk<'_>) -> Result<(Vec<Edit>, T), E>
        + Send
        + 'static,
    ) -> Result<Result<(Vec<Edit>, T), E>, SupplyFailed> {
        let site = self.inner.profile.site.clone();
        let site = site.ok_or(SupplyFailed::NoSite)?;
        let at = self.inner.clock.civil();
        let author = self.author().map(|author| author.name().to_owned());
        let own = site.clone();
        let planned = self.read_goods(&own, others, move |documents, ledger| {
            let desk = Desk {
                site: &site,
                holder: &holder,
                at,
            };
            let (more, told) = plan(documents, ledger, &desk)?;
            let author = author.as_deref().unwrap_or_default();
            let mut edits = ledger.plan_device(&site, &holder, author);
            edits.extend(more);
            Ok((edits, told))
        });
        Ok(planned.await?)
    }

    /// Declares a device of a site lost, as the hub does: what it holds goes to the device `to`, or to the one that has the most.
    ///
    /// # Errors
    /// See [`Ledger::plan_loss`]; nothing could be written.
    pub async fn declare_lost(
        &self,
        site: SiteKey,
        lost: String,
        to: Option<String>,
    ) -> Result<usize, SupplyFailed> {
        let at = self.inner.clock.civil();
        let message = format!("lost {lost}");
        let edits = self
            .read_ledger(&site.clone(), Vec::new(), move |ledger| {
                let desk = Desk {
                    site: &site,
                    holder: "",
                    at,
                };
                ledger.plan_loss(&desk, &lost, to.as_deref())
            })
            .await??;
        Ok(self.edit(edits, &message).await?)
    }

    /// Lets the clerk do what this node owes its site: see [`clerk`]. Nothing is done unless the node is connected and has all that
    /// the relay has. Call it when that is so, and again when a ledger changed.
    ///
    /// # Errors
    /// See [`Node::move_goods`].
    pub async fn tend_supplies(&self) -> Result<Tended, SupplyFailed> {
        let none = Tended::default();
        let Some(site) = self.inner.profile.site.clone() else {
            return Ok(none);
        };
        let mut keeper = self.inner.keeper.lock().await;
        let Some(holder) = keeper.proved() else {
            return Ok(none);
        };
        let status = self.status().await?;
        let online = matches!(status.link, LinkState::Online { .. });
        let here = self.names().await?.contains(&supplies::document(&site));
        if !(online && here && status.catalogue_read && status.arriving == 0) {
            return Ok(none);
        }
        let (name, at) = (holder.name(), self.inner.clock.civil());
        let mut ids = Ids::new(self.inner.clock.unix_ms())?;
        let duties = self
            .read_ledger(&site.clone(), Vec::new(), move |ledger| {
                let desk = Desk {
                    site: &site,
                    holder: &name,
                    at,
                };
                clerk::duties(ledger, &desk, || ids.next())
            })
            .await?;
        self.write_lines(&mut keeper, holder, duties.edits, "clerk")
            .await?;
        Ok(Tended {
            answered: duties.answered,
            granted: duties.granted,
        })
    }

    async fn is_lost(&self, site: &SiteKey, holder: Holder) -> Result<bool, ReadError> {
        let (own, name) = (supplies::document(site), holder.name());
        self.read(vec![own.clone()], move |documents| {
            let id = Device::id_of(&name);
            let view = documents.get(&own)?.view();
            Some(view.get::<Device>(id)?.lost_at.is_some())
        })
        .await
        .map(|lost| lost.unwrap_or(false))
    }

    /// From now on this node is a new holder.
    async fn incarnate(&self, keeper: &mut Keeper) -> Result<Holder, SupplyFailed> {
        let holder = keeper.next_incarnation()?;
        self.mark(keeper, holder).await?;
        Ok(holder)
    }

    /// Writes lines of this holder. The mark goes first: a database that lacks them is not believed afterwards.
    async fn write_lines(
        &self,
        keeper: &mut Keeper,
        holder: Holder,
        edits: Vec<Edit>,
        message: &str,
    ) -> Result<usize, SupplyFailed> {
        if edits.is_empty() {
            return Ok(0);
        }
        self.mark(keeper, holder.after_write()).await?;
        Ok(self.edit(edits, message).await?)
    }

    async fn mark(&self, keeper: &mut Keeper, holder: Holder) -> Result<(), SupplyFailed> {
        // A few bytes and three syncs, for which somebody waits.
        keeper.mark(holder).map_err(|source| SupplyFailed::Mark {
            path: keeper.file(),
            source,
        })?;
        let setting = Some(holder.to_string().into_bytes());
        let commit = Commit::of_setting(HOLDER, setting);
        self.inner.writer.commit_and_wait(commit).await?;
        keeper.keep(holder);
        Ok(())
    }
}

/// Ids that were never used: of one moment and one drawing, counted up.
struct Ids {
    unix_ms: u64,
    random: [u8; 10],
}

impl Ids {
    fn new(unix_ms: u64) -> Result<Self, RandomError> {
        Ok(Self {
            unix_ms,
            random: random_bytes()?,
        })
    }

    fn next(&mut self) -> RecordId {
        for byte in self.random.iter_mut().rev() {
            *byte = byte.wrapping_add(1);
            if *byte != 0 {
                break;
            }
        }
        RecordId::new(self.unix_ms, self.random)
    }
}
