//! Papers for staff: what stands on them, from the hall's state. Pure.

use protocol::commands::PrintJobState;
use protocol::text::FIRST_LANGUAGE;
use protocol::work::{DaySummary, StaffPaper, StaffPaperJob, SummaryRow};
use queue::{Command, Event, HallState, Recorded, StaffPaperKind, TicketPhase};

use crate::views::{Scene, count, named as name_of, print_state};

/// The paper that a command was about.
pub fn named(state: &HallState, command: &Command, events: &[Recorded]) -> Option<PrintJobState> {
    let requested = events.iter().find_map(|recorded| match &recorded.event {
        Event::StaffPaperRequested { paper, .. } => Some(*paper),
        _ => None,
    });
    let id = requested.or(match command {
        Command::StartStaffPaper { paper } | Command::ReportStaffPaper { paper, .. } => Some(*paper),
        _ => None,
    });
    let paper = state.staff_paper(&id?)?;
    Some(PrintJobState { id: paper.id.to_string(), state: print_state(&paper.state) })
}

impl Scene<'_> {
    /// Those that wait or are being printed.
    pub fn staff_papers(&self) -> Vec<StaffPaperJob> {
        let open = self.state.staff_papers().filter(|paper| paper.state.is_open());
        open.map(|paper| self.staff_paper(paper)).collect()
    }

    fn staff_paper(&self, paper: &queue::StaffPaper) -> StaffPaperJob {
        let at = paper.requested_at;
        let time = at.display_with_offset(self.hall.time_zone().to_offset(at)).to_string();
        let content = match paper.kind {
            StaffPaperKind::Test => StaffPaper::Test { hall: self.info.name.get(FIRST_LANGUAGE).to_owned(), time },
            StaffPaperKind::Summary => StaffPaper::Summary(self.summary(time)),
        };
        StaffPaperJob {
            id: paper.id.to_string(),
            kiosk: paper.kiosk.to_string(),
            state: print_state(&paper.state),
            requested_at: at,
            paper: content,
        }
    }

    fn summary(&self, time: String) -> DaySummary {
        let tickets = self.state.tickets();
        let of_phase = |phase| count(tickets.iter().filter(|ticket| ticket.phase == phase).count());
        let figures: Vec<_> = self.state.counters().map(|(number, counter)| (number, counter.figures)).collect();
        let sum = |part: fn(&queue::Figures) -> u32| figures.iter().map(|(_, figures)| part(figures)).sum::<u32>();
        let handling: u64 = figures.iter().map(|(_, figures)| figures.handling_seconds).sum();
        let counters = figures.iter().filter(|(_, figures)| figures.served > 0).map(|(number, figures)| SummaryRow {
            name: number.to_string(),
            issued: figures.served,
            served: figures.served,
        });
        let printed = self.state.print_jobs().filter(|job| job.state == queue::PrintState::Printed).count();
        DaySummary {
            hall: self.info.name.get(FIRST_LANGUAGE).to_owned(),
            hall_line2: self.info.name_line2.get(FIRST_LANGUAGE).to_owned(),
            day: self.state.day().map_or_else(String::new, |day| day.strftime("%d/%m/%Y").to_string()),
            time,
            issued: count(tickets.len()),
            served: of_phase(TicketPhase::Finished),
            missed: of_phase(TicketPhase::Missed),
            cancelled: of_phase(TicketPhase::Cancelled),
            expired: of_phase(TicketPhase::Expired),
            mean_wait_seconds: self.state.mean_wait_seconds(),
            mean_handling_seconds: handling.checked_div(u64::from(sum(|figures| figures.served))),
            ratings: sum(|figures| figures.ratings),
            satisfied: sum(|figures| figures.satisfied),
            services: self.service_rows(),
            counters: counters.collect(),
            papers: count(printed),
        }
    }

    /// Services that gave numbers today, by the first service of each number.
    fn service_rows(&self) -> Vec<SummaryRow> {
        let services = self.hall.parts().services.iter();
        let rows = services.map(|service| {
            let served = self
                .state
                .tickets()
                .iter()
                .filter(|ticket| ticket.service == service.id && ticket.phase == TicketPhase::Finished);
            let names = self.info.services.iter().map(|known| (&known.id, &known.name));
            SummaryRow {
                name: name_of(names, service.id.as_str(), FIRST_LANGUAGE),
                issued: self.state.issued_for(&service.id),
                served: count(served.count()),
            }
        });
        rows.filter(|row| row.issued > 0 || row.served > 0).collect()
    }
}
