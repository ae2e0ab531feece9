using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json.Nodes;

namespace ClosedLoop.Adapters.GitHub.Tests;

/// <summary>The real <c>gh pr checks</c> against a GitHub on loopback that answers with one rollup.</summary>
internal sealed class GhCommand : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly Loopback _server;
    private readonly string _home = Directory.CreateTempSubdirectory("gh-").FullName;

    private GhCommand(Loopback server) => _server = server;

    // gh asks its proxy, which this is, for plain http://api.github.localhost/.
    public static async Task<GhCommand> StartAsync() => new(await Loopback.StartAsync());

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_home, recursive: true);
    }

    /// <summary>What it prints of each check (its link names the check), and how it exits.</summary>
    public async Task<(IReadOnlyDictionary<string, string> BucketByLink, int ExitCode, string Errors)> ChecksAsync(JsonArray nodes, bool requiredOnly)
    {
        var commit = new JsonObject { ["statusCheckRollup"] = new JsonObject { ["contexts"] = new JsonObject { ["nodes"] = nodes.DeepClone(), ["pageInfo"] = new JsonObject { ["hasNextPage"] = false, ["endCursor"] = "" } } } };
        var checks = new JsonObject { ["nodes"] = new JsonArray(new JsonObject { ["commit"] = commit }) };
        string answer = new JsonObject
        {
            ["data"] = new JsonObject
            {
                ["repository"] = new JsonObject { ["pullRequest"] = new JsonObject { ["id"] = "PR_12", ["number"] = 12, ["headRefName"] = "fix-login", ["statusCheckRollup"] = checks.DeepClone() } },
                ["node"] = new JsonObject { ["statusCheckRollup"] = checks },
            },
        }.ToJsonString();
        _server.Answer = _ => (200, answer, []);

        var start = new ProcessStartInfo("gh") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = _home };
        foreach (string argument in (string[])["pr", "checks", "12", "-R", "github.localhost/acme/web", .. requiredOnly ? (string[])["--required"] : []]) start.ArgumentList.Add(argument);
        string proxy = _server.Address.GetLeftPart(UriPartial.Authority);
        foreach (var (name, value) in (ReadOnlySpan<(string, string)>)
        [
            ("GH_TOKEN", "only for loopback"), ("GH_CONFIG_DIR", _home), ("HOME", _home), ("NO_COLOR", "1"), ("GH_NO_UPDATE_NOTIFIER", "1"), ("GH_PROMPT_DISABLED", "1"),
            ("http_proxy", proxy), ("HTTP_PROXY", proxy), ("no_proxy", ""), ("NO_PROXY", ""),
        ])
            start.Environment[name] = value;
        using var gh = Run(start);
        gh.StandardInput.Close();
        var output = gh.StandardOutput.ReadToEndAsync();
        var errors = gh.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(Deadline);
        try
        {
            await gh.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            gh.Kill();
            Assert.Fail("gh did not end within 60 s.");
        }
        var buckets = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] fields = line.Split('\t');
            buckets.Add(fields[3].Trim(), fields[1]);
        }
        return (buckets, gh.ExitCode, await errors);
    }

    private static Process Run(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            Assert.Fail($"gh could not be started ({error.Message}); run ./test.sh, which installs Debian's package gh.");
            throw;
        }
    }
}
