// SPDX-License-Identifier: Apache-2.0
#include "cli/cache.hpp"
#include "cli/commands.hpp"
#include "cli/init.hpp"
#include "cli/options.hpp"
#include "cli/output.hpp"
#include "cli/run.hpp"

#include <exception>
#include <new>

using namespace dockerlint::cli;

namespace {

int start(int argc, char** argv) {
  const ParsedOptions parsed = parse_options(argc, argv);
  if (!parsed.trouble.empty()) {
    complain(parsed.trouble);
    return 2;
  }
  const Options& options = parsed.options;
  switch (options.command) {
    case Command::help: return print(help_text(options.usage, described_command_line(), options.whole_help));
    case Command::man: return print(man_page(described_command_line()));
    case Command::completion: return print(completion_script(options.shell, described_command_line()));
    case Command::version: return print("dockerlint " DOCKERLINT_VERSION "\n");
    case Command::cache: return cache(options);
    case Command::init: return init(options);
    case Command::explain: return explain(options);
    case Command::rules: return list_rules(options);
    case Command::config: return configuration(options);
    case Command::dump: return dump(options);
    case Command::lint: break;
  }
  return run(options);
}

}  // namespace

int main(int argc, char** argv) {
  prepare_standard_streams();
  try {
    return start(argc, argv);
  } catch (const std::bad_alloc&) {
    complain("out of memory");
  } catch (const std::exception& error) {
    complain(error.what());
  }
  return 2;
}
