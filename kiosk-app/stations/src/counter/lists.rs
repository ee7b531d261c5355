//! The three lists beside the work (waiting, parked, missed), the services, and the cursor that keys move.

use protocol::views::TicketView;

use super::flow::Flow;

/// What the column beside the work shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tab {
    #[default]
    Queue,
    Services,
    Parked,
    Missed,
}

impl Tab {
    pub(crate) const ALL: [Self; 4] = [Self::Queue, Self::Services, Self::Parked, Self::Missed];

    /// The tab to the right or to the left, around the end.
    pub(super) fn beside(self, right: bool) -> Self {
        let here = Self::ALL.iter().position(|tab| *tab == self).unwrap_or(0);
        let step = if right { 1 } else { Self::ALL.len() - 1 };
        Self::ALL[(here + step) % Self::ALL.len()]
    }
}

impl Flow {
    /// The tickets of the open tab; none for the services.
    pub(crate) fn tickets(&self) -> &[TicketView] {
        let Some(view) = &self.view else { return &[] };
        match self.tab {
            Tab::Queue => &view.queue,
            Tab::Parked => &view.parked,
            Tab::Missed => &view.missed,
            Tab::Services => &[],
        }
    }

    /// Place of the cursor in the open tab. It stays on its ticket while others come and go.
    pub(crate) fn cursor(&self) -> usize {
        let known = self.cursor.as_ref().and_then(|id| self.tickets().iter().position(|t| t.id == *id));
        known.unwrap_or(0)
    }

    /// The ticket under the cursor.
    pub(crate) fn cursor_ticket(&self) -> Option<&TicketView> {
        self.tickets().get(self.cursor())
    }

    pub(super) fn open_tab(&mut self, tab: Tab) {
        self.tab = tab;
        self.cursor = None;
    }

    /// Moves the cursor by `by` rows, not beyond the ends.
    pub(super) fn move_cursor(&mut self, by: isize) {
        let last = self.tickets().len().saturating_sub(1);
        let at = self.cursor().saturating_add_signed(by).min(last);
        self.cursor = self.tickets().get(at).map(|t| t.id.clone());
    }

    /// Any ticket that the view knows of by its id.
    pub(crate) fn find(&self, id: &str) -> Option<&TicketView> {
        let view = self.view.as_ref()?;
        let lists = [&view.queue, &view.parked, &view.missed, &view.print_problems];
        view.current.iter().chain(lists.into_iter().flatten()).find(|t| t.id == id)
    }
}
