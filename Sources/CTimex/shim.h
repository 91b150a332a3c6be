#include <sys/timex.h>

/* Whether a time service keeps the system's clock: 1 yes, 0 no, -1 when it cannot be asked. */
static inline int mizumori_clock_is_synchronised(void) {
  struct timex t = {0};
  int state = adjtimex(&t);
  return state < 0 ? -1 : state != TIME_ERROR && !(t.status & STA_UNSYNC);
}
