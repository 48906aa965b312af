// A reporter for vitest: a bar of how many tests of a campaign are over, and failures as they come.
import cliProgress from "cli-progress";

/** Vitest calls this with `new`. */
function CampaignBar() {
  const format = "{bar} {value}/{total}, {duration_formatted}, failed: {failed}";
  const options = { format, stream: process.stderr, hideCursor: true };
  const bar = new cliProgress.SingleBar(options, cliProgress.Presets.shades_classic);
  let total = 0;
  let over = 0;
  let failed = 0;
  return {
    onTestRunStart: () => bar.start(0, 0, { failed }),
    onTestModuleCollected: (module) => {
      for (const { task } of module.children.allTests()) total += task === undefined ? 0 : 1;
      bar.setTotal(total);
    },
    onTestCaseResult: (test) => {
      if (test.result().state === "failed") failed++;
      bar.update(++over, { failed });
    },
    onTestRunEnd: () => bar.stop(),
  };
}

export default CampaignBar;
