#!/usr/bin/env bash
# Installs what the tests need, builds with warnings as errors and runs every test.
# Needs the .NET 10 SDK; the rest comes from Debian, NuGet and npm. The last line is: N passed, N failed, N skipped
set -euo pipefail
cd "$(dirname "$0")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1

command -v dotnet >/dev/null || { echo "test.sh: dotnet is not on the PATH; install the .NET 10 SDK." >&2; exit 1; }

missing=()
# The real programs that adapters and sinks are compared with: a registry and what pushes to it, kubectl, gh, Prometheus, Alertmanager with amtool; and a proxy in front of webhooks.
for tool in git npm docker-registry skopeo umoci gh prometheus prometheus-alertmanager; do command -v "$tool" >/dev/null || missing+=("$tool"); done
command -v kubectl >/dev/null || missing+=(kubernetes-client)
# The browser that looks at the dashboard, and a font for it.
command -v chromium >/dev/null || missing+=(chromium fonts-dejavu-core)
[ -x /usr/sbin/nginx ] || command -v nginx >/dev/null || missing+=(nginx-light)
# The tests start a server of their own from it; a cluster that the package may make is not used.
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null || missing+=(postgresql)
if ((${#missing[@]})); then
  echo "installing ${missing[*]}"
  as_root=(); [ "$(id -u)" = 0 ] || as_root=(sudo)
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

# GitHub's own example payloads: every event that it can send.
examples=artifacts/test-input/webhooks-examples
if [ ! -f "$examples/node_modules/@octokit/webhooks-examples/api.github.com/index.json" ]; then
  mkdir -p "$examples"
  npm install --prefix "$examples" --ignore-scripts --no-audit --no-fund --no-save --loglevel=error @octokit/webhooks-examples@7.6.1
fi
export OCTOKIT_WEBHOOKS_EXAMPLES="$PWD/$examples/node_modules/@octokit/webhooks-examples/api.github.com/index.json"

# GitHub's own GraphQL schema, which every query of the adapter must be valid by.
schema=artifacts/test-input/graphql-schema
if [ ! -f "$schema/node_modules/@octokit/graphql-schema/index.js" ]; then
  mkdir -p "$schema"
  npm install --prefix "$schema" --ignore-scripts --no-audit --no-fund --no-save --loglevel=error @octokit/graphql-schema@15.26.1
fi
export OCTOKIT_GRAPHQL_SCHEMA="$PWD/$schema/node_modules/@octokit/graphql-schema/index.js"

# The JSON schemas of GitHub's webhooks, a validator for them, and GitHub's own signing of bodies: what the delivery sandbox sends must hold by all three.
webhooks=artifacts/test-input/openapi-webhooks
if [ ! -f "$webhooks/node_modules/@octokit/openapi-webhooks/package.json" ] || [ ! -f "$webhooks/node_modules/@octokit/webhooks-methods/package.json" ] || [ ! -f "$webhooks/node_modules/ajv/package.json" ]; then
  mkdir -p "$webhooks"
  npm install --prefix "$webhooks" --ignore-scripts --no-audit --no-fund --no-save --loglevel=error @octokit/openapi-webhooks@12.1.0 @octokit/webhooks-methods@6.0.0 ajv@8.20.0 ajv-formats@3.0.1
fi
export OCTOKIT_OPENAPI_WEBHOOKS="$PWD/$webhooks/node_modules"

# The rules by which a page can be used by everybody.
axe=artifacts/test-input/axe
if [ ! -f "$axe/node_modules/axe-core/axe.min.js" ]; then
  mkdir -p "$axe"
  npm install --prefix "$axe" --ignore-scripts --no-audit --no-fund --no-save --loglevel=error axe-core@4.14.1
fi
export AXE_CORE="$PWD/$axe/node_modules/axe-core/axe.min.js"

dotnet build ClosedLoop.sln -warnaserror -v quiet

results=artifacts/test-results
rm -rf "$results"
status=0
dotnet test ClosedLoop.sln --no-build --results-directory "$results" --logger trx --logger "console;verbosity=minimal" -m:1 || status=$?

passed=0 failed=0 skipped=0
while IFS= read -r counters; do
  value() { sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" <<<"$counters"; }
  total=$(value total)
  ok=$(value passed) bad=$(value failed) executed=$(value executed)
  passed=$((passed + ok)) failed=$((failed + bad)) skipped=$((skipped + total - executed))
done < <(grep -ho '<Counters [^>]*>' "$results"/*.trx)
# A test host that died leaves no failed test behind, but it did not pass.
if ((status != 0 && failed == 0)); then failed=1; echo "test.sh: a test run ended with $status without a failed test; see above." >&2; fi
echo "$passed passed, $failed failed, $skipped skipped"
exit $((failed > 0))
