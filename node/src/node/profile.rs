use serde::Serialize;
use yilian_core::document::{Author, Name, Network, SiteKey};
use yilian_core::storage::Store;

use super::OpenNodeError;
use crate::store::{SqliteStore, StoreError};
use crate::time::Clock;

const NETWORK: &str = "network";
const SITE: &str = "site";
const ROLE: &str = "role";
const HUB: &str = "hub";
const TOKEN: &str = "token";
const AUTHOR: &str = "author";
const ZONE: &str = "zone";

/// What a node is for; kept in its store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Profile {
    /// The network whose documents it holds.
    pub network: Network,
    /// Whether it is a site's, or the hub's.
    pub role: Role,
    /// The site it stands at; a hub need not have one.
    pub site: Option<SiteKey>,
    /// The relay to dial: `ws://` or `wss://`.
    pub hub: Option<String>,
    /// What to show the relay.
    #[serde(skip)]
    pub token: Option<String>,
    /// Who edits here.
    pub author: Option<Author>,
    /// The network's time zone.
    pub zone: String,
}

/// What a node subscribes to follows from its role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// A home, station or point: its own documents, and what the whole network reads.
    Site,
    /// The county hub: every document.
    Hub,
    /// Somebody without an account: the directory of sites, and what they know the name of.
    Guest,
}

impl Role {
    /// How it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Site => "site",
            Self::Hub => "hub",
            Self::Guest => "guest",
        }
    }
}

impl Profile {
    /// A site's node, without a relay or an author.
    #[must_use]
    pub fn of_site(network: Network, site: SiteKey) -> Self {
        Self {
            role: Role::Site,
            site: Some(site),
            ..Self::of_hub(network)
        }
    }

    /// The hub's node, without a relay or an author.
    #[must_use]
    pub fn of_hub(network: Network) -> Self {
        Self {
            network,
            role: Role::Hub,
            site: None,
            hub: None,
            token: None,
            author: None,
            zone: Clock::DEFAULT_ZONE.to_owned(),
        }
    }

    /// The node of somebody without an account, without a relay or an author.
    #[must_use]
    pub fn of_guest(network: Network) -> Self {
        Self {
            role: Role::Guest,
            ..Self::of_hub(network)
        }
    }

    /// Dials this relay.
    #[must_use]
    pub fn with_hub(mut self, url: impl Into<String>) -> Self {
        self.hub = Some(url.into());
        self
    }

    /// Names who edits here.
    #[must_use]
    pub fn with_author(mut self, author: Author) -> Self {
        self.author = Some(author);
        self
    }

    /// The prefixes of names that it subscribes to.
    #[must_use]
    pub fn prefixes(&self) -> Vec<String> {
        match (self.role, &self.site) {
            (Role::Guest, _) => Name::prefixes_of_guests(),
            (Role::Hub, _) | (Role::Site, None) => vec![String::new()],
            (Role::Site, Some(site)) => Name::prefixes_of(site),
        }
    }

    /// Whether a store is a node's.
    ///
    /// # Errors
    /// The store failed.
    pub fn is_in(store: &SqliteStore) -> Result<bool, StoreError> {
        Ok(store.setting(NETWORK)?.is_some())
    }

    /// Whether it is the same node's, whatever relay it dials and whoever edits there.
    pub(super) fn is_same_node(&self, other: &Self) -> bool {
        (&self.network, self.role, &self.site) == (&other.network, other.role, &other.site)
    }

    pub(super) fn settings(&self) -> Vec<(String, Option<Vec<u8>>)> {
        let text =
            |key: &str, value: Option<String>| (key.to_owned(), value.map(String::into_bytes));
        vec![
            text(NETWORK, Some(self.network.to_string())),
            text(ROLE, Some(self.role.as_str().to_owned())),
            text(SITE, self.site.as_ref().map(ToString::to_string)),
            text(HUB, self.hub.clone()),
            text(TOKEN, self.token.clone()),
            text(
                AUTHOR,
                self.author
                    .as_ref()
                    .map(|author| author.as_str().to_owned()),
            ),
            text(ZONE, Some(self.zone.clone())),
        ]
    }

    pub(super) fn load(store: &SqliteStore) -> Result<Option<Self>, OpenNodeError> {
        let text = |key: &'static str| -> Result<Option<String>, OpenNodeError> {
            let bytes = store.setting(key)?;
            bytes
                .map(|bytes| String::from_utf8(bytes).map_err(|_| OpenNodeError::Setting { key }))
                .transpose()
        };
        let Some(network) = text(NETWORK)? else {
            return Ok(None);
        };
        let role = match text(ROLE)?.as_deref() {
            Some("hub") => Role::Hub,
            Some("site") => Role::Site,
            Some("guest") => Role::Guest,
            _ => return Err(OpenNodeError::Setting { key: ROLE }),
        };
        let site = text(SITE)?.map(|site| site.parse()).transpose();
        let author = text(AUTHOR)?.map(|author| Author::from_bytes(author.as_bytes()));
        Ok(Some(Self {
            network: network
                .parse()
                .map_err(|_| OpenNodeError::Setting { key: NETWORK })?,
            role,
            site: site.map_err(|_| OpenNodeError::Setting { key: SITE })?,
            hub: text(HUB)?,
            token: text(TOKEN)?,
            author,
            zone: text(ZONE)?.unwrap_or_else(|| Clock::DEFAULT_ZONE.to_owned()),
        }))
    }
}
