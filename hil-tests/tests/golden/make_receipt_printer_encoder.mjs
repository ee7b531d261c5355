// Makes receipt_printer_encoder.bin with @point-of-sale/receipt-printer-encoder 4.0.1:
//   npm install @point-of-sale/receipt-printer-encoder@4.0.1 && node make_receipt_printer_encoder.mjs
import { writeFileSync } from 'node:fs';
import ReceiptPrinterEncoder from '@point-of-sale/receipt-printer-encoder';

const encoder = new ReceiptPrinterEncoder({ language: 'esc-pos', columns: 48, codepageMapping: 'epson' });
const bytes = encoder
  .initialize()
  .codepage('windows1258')
  .align('center').bold(true).width(2).height(2).line('PHIEU SO')
  .width(1).height(1).bold(false)
  .qrcode('H29-240115-0001', { model: 2, size: 6, errorlevel: 'm' })
  .barcode('H29-240115', 'code128', { height: 60, text: true })
  .rule()
  .table([{ width: 24, align: 'left' }, { width: 20, align: 'right' }], [['Quay', '3'], ['Cho', '5']])
  .box({ style: 'single', width: 30 }, 'khung')
  .cut('partial')
  .encode();
writeFileSync(new URL('receipt_printer_encoder.bin', import.meta.url), bytes);
