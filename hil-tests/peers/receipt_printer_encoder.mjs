// The standard ticket by @point-of-sale/receipt-printer-encoder 4.0.1 for an Epson TM-T20III, in text mode with
// the code pages that it chooses itself: `name bytes`.
//
//     node receipt_printer_encoder.mjs standard-ticket.json
import { readFileSync } from 'node:fs';
import ReceiptPrinterEncoder from '@point-of-sale/receipt-printer-encoder';

const ticket = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const [low, high] = ticket.wait_minutes;
const [year, month, day] = ticket.issued_at.slice(0, 10).split('-');
const encoder = new ReceiptPrinterEncoder({ printerModel: 'epson-tm-t20iii', feedBeforeCut: 0 });
encoder.initialize().codepage('auto').align('center');
encoder.bold(true).line(ticket.hall).line(ticket.hall_line2).rule();
encoder.size(1, 2).line(ticket.field).size(1, 1).bold(false).line(ticket.service);
encoder.size(8, 8).line(ticket.number).size(1, 1);
encoder.bold(true).line(ticket.class).bold(false);
encoder.line(`Quầy: ${ticket.counters}`).line(`Số người chờ trước: ${ticket.people_ahead}`);
encoder.line(`Thời gian chờ: ${low}–${high} phút`).line(`${ticket.issued_at.slice(11, 16)} ${day}/${month}/${year}`);
encoder.rule().qrcode(ticket.follow_url, { size: 6, errorlevel: 'm' }).line(ticket.closing).cut('partial');
console.log('receipt-printer-encoder', encoder.encode().length);
