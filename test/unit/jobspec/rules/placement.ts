/** Cases of what steers placement: scaling, constraint, affinity, spread. */
import { block, group, job, system, task } from "./cases.ts";
import type { Cases } from "./cases.ts";

const scaling = (...lines: readonly string[]) => block("scaling", ...lines);
const constraint = (...lines: readonly string[]) => block("constraint", 'attribute = "${attr.x}"', ...lines);
const affinity = (...lines: readonly string[]) => block("affinity", 'attribute = "${attr.x}"', ...lines);
const spread = (...lines: readonly string[]) => block("spread", 'attribute = "${attr.x}"', ...lines);
const target = (name: string, percent: string) => block(`target "${name}"`, `percent = ${percent}`);

export const SCALING: Cases = {
  refused: [
    [group("§scaling {\n}"), "A scaling block needs max"],
    [group(scaling("min = 4", "max = §3")), "max cannot be less than min, which is 4"],
    [group("count = §5", scaling("max = 3")), "The count 5 is more than max of scaling, which is 3"],
    [group("count = §1", scaling("min = 2", "max = 3")), "The count 1 is less than min of scaling, which is 2"],
    [group(`§${scaling("max = 0")}`), "The count 1 is more than max of scaling, which is 0"],
    [group(scaling("max = §-1")), "max cannot be negative"],
    [group("count = 0", scaling("min = §-1", "max = 1")), "min cannot be negative"],
    [group(scaling("max = 3", 'type = §"vertical"')), 'type "vertical" does not exist'],
    [
      task(block('scaling "cpu"', "max = 1"), `§${block('scaling "cpu"', "max = 2")}`),
      'There is another scaling block for "cpu" in this task',
    ],
  ],
  allowed: [
    group(scaling("min = 2", "max = 3")),
    group("count = 3", scaling("max = 3")),
    group("count = 0", scaling("max = 0")),
    task(block('scaling "cpu"', "min = 5", "max = 1")),
  ],
};

const operators = '"= == is != not < <= > >= set_contains set_contains_all set_contains_any"';

export const CONSTRAINT: Cases = {
  refused: [
    [group(constraint('operator = §"foo"', 'value = "x"')), 'operator "foo" does not exist'],
    [group(constraint('operator = §"regex"', 'value = "x"')), 'operator "regex" does not exist'],
    [group(`§${constraint()}`), 'The operator "=" needs a value to compare to'],
    [group(constraint('value = §""')), 'The operator "=" needs a value to compare to'],
    [group(`§${block("constraint", 'value = "x"')}`), "A constraint needs an attribute to compare"],
    [group(constraint('regexp = §"("')), "This is not a regular expression: "],
    [group(constraint('operator = "regexp"', 'value = §"a**"')), "This is not a regular expression: "],
    [group(constraint('version = §"abc"')), '"abc" is no condition on versions'],
    [group(constraint('version = §">= 1, x 2"')), '"x 2" is no condition on versions'],
    [group(constraint('version = §"1..2"')), '"1..2" is no condition on versions'],
    [group(constraint('semver = §"~> 1.2"')), '"~> 1.2" is no condition on versions'],
    [group(constraint('operator = "semver"', 'value = §"1.2beta"')), '"1.2beta" is no condition on versions'],
    [group(`§${constraint('operator = "set_contains"')}`), 'The operator "set_contains" needs a value to compare to'],
    [group(constraint('operator = "is_set"', 'value = §"x"')), 'The operator "is_set" takes no value'],
    [group(`§${block("constraint", 'operator = "is_not_set"')}`), "A constraint needs an attribute to compare"],
    [
      group(constraint('distinct_property = "${meta.rack}"', 'value = §"0"')),
      'The value of distinct_property is how many may share it, not "0"',
    ],
    [
      group(constraint('operator = "distinct_property"', 'value = §"many"')),
      'The value of distinct_property is how many may share it, not "many"',
    ],
    [task(block("constraint", "distinct_hosts = §true")), "A task cannot have a constraint on distinct_hosts"],
    [
      task(block("constraint", 'distinct_property = §"${meta.rack}"')),
      "A task cannot have a constraint on distinct_property",
    ],
    [job(constraint('version = §"abc"')), '"abc" is no condition on versions'],
    [task(constraint('version = §"abc"')), '"abc" is no condition on versions'],
  ],
  allowed: [
    ...operators
      .replaceAll('"', "")
      .split(" ")
      .map((operator) => group(constraint(`operator = "${operator}"`, 'value = "x"'))),
    group(block("constraint", "distinct_hosts = true")),
    group(block("constraint", "distinct_hosts = false")),
    group(block("constraint", 'operator = "distinct_hosts"')),
    group(block("constraint", 'distinct_property = "${meta.rack}"', 'value = "3"')),
    group(block("constraint", 'distinct_property = "${meta.rack}"')),
    group(constraint('operator = "is_set"')),
    group(constraint('regexp = "^a|b$"')),
    group(constraint('version = ">= 1.2, < 3.0-beta, != 2"')),
    group(constraint('version = "~> 1.2beta+x"')),
    group(constraint('version = "= v1.2.3-rc.1"')),
    group(constraint('semver = ">= 1.2.3-rc.1+build"')),
    group(constraint('semver = "1"')),
    group(constraint('operator = "version"', 'value = "> 1"')),
  ],
};

export const AFFINITY: Cases = {
  refused: [
    [
      group(affinity('value = "x"', "weight = §0")),
      "The weight of an affinity must be between -100 and 100, and not 0",
    ],
    [
      group(affinity('value = "x"', "weight = §101")),
      "The weight of an affinity must be between -100 and 100, and not 0",
    ],
    [
      group(affinity('value = "x"', "weight = §-101")),
      "The weight of an affinity must be between -100 and 100, and not 0",
    ],
    [group(`§${affinity()}`), 'The operator "=" needs a value to compare to'],
    [group(`§${block("affinity", 'value = "x"')}`), "An affinity needs an attribute to compare"],
    [group(affinity('operator = §"is_set"')), 'operator "is_set" does not exist'],
    [group(affinity('version = §"abc"')), '"abc" is no condition on versions'],
    [job(affinity('regexp = §"["')), "This is not a regular expression: "],
    [task(affinity('semver = §"~> 1"')), '"~> 1" is no condition on versions'],
    [system(`§${affinity('value = "x"')}`), "A system job cannot have affinity"],
  ],
  allowed: [
    group(affinity('value = "x"', "weight = -100")),
    group(affinity('set_contains_any = "a,b"')),
    group(affinity('version = "> 1"', "weight = 100")),
  ],
};

export const SPREAD: Cases = {
  refused: [
    [group("§spread {\n}"), "A spread needs an attribute"],
    [group(spread("weight = §0")), "The weight of a spread must be between 1 and 100"],
    [group(spread("weight = §101")), "The weight of a spread must be between 1 and 100"],
    [group(spread("weight = §-1")), "The weight of a spread must be between 1 and 100"],
    [group(spread(target("a", "10"), `§${target("a", "20")}`)), 'There is another target "a" in this spread'],
    [group(spread(target("a", "§101"))), "percent must be between 0 and 100"],
    [group(spread(`§${target("a", "60")}`, target("b", "60"))), "The targets' shares are 120% together"],
    [job(spread("weight = §0")), "The weight of a spread must be between 1 and 100"],
    [system(`§${spread()}`), "A system job cannot have spread"],
  ],
  allowed: [group(spread(target("a", "60"), target("b", "40"))), group(spread("weight = 100")), job(spread())],
};
