-- hall.db of version 3: that of version 2 with what a citizen said beside it: the events of hall_v1.sql with their hashes, which Python's hashlib computed, not this
-- program (sha256 over the predecessor's hash, sequence and time as 8 bytes each, length and bytes of the body, then 0,
-- or 1 with length and bytes of the request; numbers big-endian; the first predecessor is 32 zero bytes). Never edited.
PRAGMA application_id=1330858060;
PRAGMA user_version=3;
BEGIN TRANSACTION;
CREATE TABLE cursors (name TEXT PRIMARY KEY, sequence INTEGER NOT NULL) STRICT;
INSERT INTO "cursors" VALUES('central',12);
CREATE TABLE cut_off (id INTEGER PRIMARY KEY, sequence INTEGER NOT NULL, at INTEGER NOT NULL, body TEXT NOT NULL, request TEXT, hash BLOB, cut_at INTEGER NOT NULL, reason TEXT NOT NULL) STRICT;
INSERT INTO "cut_off" VALUES(1,18,1795305617123,'{"v":1,"type":"counter_cl',NULL,X'00FF',1795305618000,'not whole');
CREATE TABLE events (sequence INTEGER PRIMARY KEY, at INTEGER NOT NULL, body TEXT NOT NULL, request TEXT, hash BLOB) STRICT;
INSERT INTO "events" VALUES(1,1795305600123,'{"v":1,"type":"day_opened","day":"2026-11-22"}',NULL,X'7068BFCFDEE8D5DE6EF2B24430909A4C3B723AC0CC8C4750A5844AC41F31C04C');
INSERT INTO "events" VALUES(2,1795305601123,'{"v":1,"type":"counter_opened","counter":3,"officer":"nguyen-thi-lan"}','{"id":"01939f2a-7c4e-7001-8a55-3f0f6f4b2d01","print":18364758544493064721,"reply":"{\"sequence\":2,\"note\":\"Đã ghi \\\"1\\\"\"}"}',X'E53FB0EFD290992B2E87BD42615745868E6B230259228999969183BC7186075C');
INSERT INTO "events" VALUES(3,1795305602123,'{"v":1,"type":"counter_closed","counter":3}','{"id":"01939f2a-7c4e-7002-8a55-3f0f6f4b2d02","print":18364758544493064722,"reply":"{\"sequence\":3,\"note\":\"Đã ghi \\\"2\\\"\"}"}',X'2FB4324A03A1A0EB28096BCB28C665DDB4BCA31AE85626189C6CA76EB2AA0E59');
INSERT INTO "events" VALUES(4,1795305603123,'{"v":1,"type":"ticket_issued","ticket":"20261122-A012","field":"dat-dai","service":"bien-dong","class":"elderly","priority":true,"language":"vi","kiosk":"kiosk-1","ahead":7,"wait":[12,20]}',NULL,X'DB4798564018752BCF5F458D1A6153778E083506198E8E11FBEDCED9E2DCB694');
INSERT INTO "events" VALUES(5,1795305604123,'{"v":1,"type":"ticket_issued","ticket":"20261122-A1012","field":"dat-dai","service":"bien-dong","class":"normal","priority":false,"language":"en","ahead":0,"wait":[0,0]}','{"id":"01939f2a-7c4e-7004-8a55-3f0f6f4b2d04","print":18364758544493064724,"reply":"{\"sequence\":5,\"note\":\"Đã ghi \\\"4\\\"\"}"}',X'9CA8570D2714BD33D00B8B698A7C8D16EA4738913E180E713085E65501A4FD4D');
INSERT INTO "events" VALUES(6,1795305605123,'{"v":1,"type":"ticket_called","ticket":"20261122-A012","counter":3,"officer":"nguyen-thi-lan"}','{"id":"01939f2a-7c4e-7005-8a55-3f0f6f4b2d05","print":18364758544493064725,"reply":"{\"sequence\":6,\"note\":\"Đã ghi \\\"5\\\"\"}"}',X'0F818CC4730F9E6ADEEB5F7226F0A73FB3BC43C26AAAC254C41C2C91CB995A52');
INSERT INTO "events" VALUES(7,1795305606123,'{"v":1,"type":"ticket_recalled","ticket":"20261122-A012","counter":3}',NULL,X'2088897976039FF04F4F7F9765F7D8657216D9A3DA61A8DFCEB98951F587207A');
INSERT INTO "events" VALUES(8,1795305607123,'{"v":1,"type":"serving_started","ticket":"20261122-A012","counter":3}','{"id":"01939f2a-7c4e-7007-8a55-3f0f6f4b2d07","print":18364758544493064727,"reply":"{\"sequence\":8,\"note\":\"Đã ghi \\\"7\\\"\"}"}',X'C39DE6412ABC707932D32C2C711B4C7CE2C3FAA42A6DCE893B6DC1140BE06F27');
INSERT INTO "events" VALUES(9,1795305608123,'{"v":1,"type":"serving_finished","ticket":"20261122-A012","counter":3,"officer":"nguyen-thi-lan"}','{"id":"01939f2a-7c4e-7008-8a55-3f0f6f4b2d08","print":18364758544493064728,"reply":"{\"sequence\":9,\"note\":\"Đã ghi \\\"8\\\"\"}"}',X'9941514F99FCD4EA56089E6FAA7BB874623AD658EE631443B3739D35311370A9');
INSERT INTO "events" VALUES(10,1795305609123,'{"v":1,"type":"ticket_no_show","ticket":"20261122-A012","counter":3}',NULL,X'36154C9D2A1BD3FC52F37FA3416CD79C07369DD80888259F50A836F01B1217C3');
INSERT INTO "events" VALUES(11,1795305610123,'{"v":1,"type":"ticket_cancelled","ticket":"20261122-A012"}','{"id":"01939f2a-7c4e-7010-8a55-3f0f6f4b2d10","print":18364758544493064730,"reply":"{\"sequence\":11,\"note\":\"Đã ghi \\\"10\\\"\"}"}',X'8D8349353E2067E36125BC6B86D83C039E3FB48898D7554755E3485272F595F3');
INSERT INTO "events" VALUES(12,1795305611123,'{"v":1,"type":"service_rated","ticket":"20261122-A012","counter":3,"officer":"nguyen-thi-lan","level":"very-satisfied","satisfied":true}','{"id":"01939f2a-7c4e-7011-8a55-3f0f6f4b2d11","print":18364758544493064731,"reply":"{\"sequence\":12,\"note\":\"Đã ghi \\\"11\\\"\"}"}',X'44E3E9CB3B265E121403CF6B4373EB91763AFCC3EFF7A5B4B636CAB3EE6ADDF6');
INSERT INTO "events" VALUES(13,1795305612123,'{"v":1,"type":"reprint_requested","job":"20261122-A012-p2"}',NULL,X'3EA6ABA4EC4609F02E03820E39ED6376E8D532E9A0A31F70EB9F81D5679A035A');
INSERT INTO "events" VALUES(14,1795305613123,'{"v":1,"type":"print_started","job":"20261122-A012-p1"}','{"id":"01939f2a-7c4e-7013-8a55-3f0f6f4b2d13","print":18364758544493064733,"reply":"{\"sequence\":14,\"note\":\"Đã ghi \\\"13\\\"\"}"}',X'DC26321CCD95CE5A6829A801BA7FABFF4CB57FAFED6A8B7E9053970748A75BB2');
INSERT INTO "events" VALUES(15,1795305614123,'{"v":1,"type":"ticket_printed","job":"20261122-A012-p1"}','{"id":"01939f2a-7c4e-7014-8a55-3f0f6f4b2d14","print":18364758544493064734,"reply":"{\"sequence\":15,\"note\":\"Đã ghi \\\"14\\\"\"}"}',X'5418E9118B710DB25832A019378EEFA65CF10A6C76A4CC779A67759963E56CDC');
INSERT INTO "events" VALUES(16,1795305615123,'{"v":1,"type":"print_failed","job":"20261122-A012-p1","reason":"paper-out"}',NULL,X'7A7F31F05ADBBB012AB58A3FD3D7D35FB64BCA4B43B95BE997471DDF8BF8F5F9');
INSERT INTO "events" VALUES(17,1795305616123,'{"v":1,"type":"print_unconfirmed","job":"20261122-A012-p1","reason":"link-lost"}','{"id":"01939f2a-7c4e-7016-8a55-3f0f6f4b2d16","print":18364758544493064704,"reply":"{\"sequence\":17,\"note\":\"Đã ghi \\\"16\\\"\"}"}',X'BEEC8D1DFDF3E05913E3B249BD3C4C867D472A88E6517B6FB07BC225301F6744');
CREATE TABLE personal (key TEXT PRIMARY KEY, text TEXT NOT NULL, expires INTEGER NOT NULL) STRICT;
INSERT INTO "personal" VALUES('comment/20261122-A001','Cán bộ nhiệt tình',1797897600000);
CREATE TABLE quarantine (sequence INTEGER PRIMARY KEY, reason TEXT NOT NULL) STRICT;
INSERT INTO "quarantine" VALUES(5,'no such service');
CREATE TABLE snapshots (version INTEGER PRIMARY KEY, sequence INTEGER NOT NULL, body BLOB NOT NULL) STRICT;
INSERT INTO "snapshots" VALUES(1,10,X'789CAB562A4E2D2C4DCD4B4E55B23234A805002C320531');
COMMIT;
