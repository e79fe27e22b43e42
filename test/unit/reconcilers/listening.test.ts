/** Which ports are listened on, from the kernel's own tables. */
import { expect, test } from "vitest";
import { couldLook, listeningPorts } from "../../../src/reconcilers/listening.ts";

const HEADER =
  "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode                                                     ";
const V4 = `${HEADER}
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000   101        0 34567 1 0000000000000000 100 0 0 10 0                     
   1: 00000000:2329 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 34568 1 0000000000000000 100 0 0 10 0                     
   2: 0100007F:1F90 0100007F:D2F0 01 00000000:00000000 00:00000000 00000000   101        0 34570 1 0000000000000000 20 4 30 10 -1                    
   3: 0100007F:D2F0 0100007F:1F90 06 00000000:00000000 03:00000AF3 00000000     0        0 0 3 0000000000000000                                      
`;
const V6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000000000000:4E20 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000   101        0 34571 1 0000000000000000 100 0 0 10 0
   1: 0000000000000000FFFF00000100007F:C350 0000000000000000FFFF00000100007F:1F90 01 00000000:00000000 00:00000000 00000000   101        0 34572 1 0000000000000000 20 0 0 10 -1
`;

test("listeners of IPv4 and IPv6 are found, connections are none", () => {
  expect([...listeningPorts(V4 + V6)]).toEqual([8080, 9001, 20_000]);
});

test("the table of IPv4 alone is enough, and an empty one has no listeners", () => {
  expect([...listeningPorts(V4)]).toEqual([8080, 9001]);
  expect([...listeningPorts(HEADER)]).toEqual([]);
  expect([...listeningPorts("")]).toEqual([]);
});

test("lines that are no rows are passed over", () => {
  expect([...listeningPorts("cat: can't open '/proc/net/tcp6': No such file or directory\n0A 0A 0A 0A\n")]).toEqual([]);
});

test("no listener and a missing table of IPv6 are an answer, a missing command is none", () => {
  expect([0, 1, 2, 126, 127].map(couldLook)).toEqual([true, true, true, false, false]);
});
