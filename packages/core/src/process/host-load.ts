/** How busy a machine is. */
export interface HostLoad {
  /** Load average over one minute. */
  readonly load: number;
  /** Undefined: not told. */
  readonly processors?: number;
  /** MB. Undefined: not told. */
  readonly freeMemory?: number;
}
