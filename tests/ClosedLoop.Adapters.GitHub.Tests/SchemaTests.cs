using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClosedLoop.Facts;
using ClosedLoop.Lines;

namespace ClosedLoop.Adapters.GitHub.Tests;

/// <summary>
/// Every query that the probe sends is valid by GitHub's own schema, as npm's <c>@octokit/graphql-schema</c> publishes and checks it; it
/// is installed by test.sh.
/// </summary>
public sealed class SchemaTests : IDisposable
{
    private const string Variable = "OCTOKIT_GRAPHQL_SCHEMA";

    private readonly FakeGitHub _github = new();

    public void Dispose() => _github.Dispose();

    [Fact]
    public async Task Every_query_of_the_probe_is_valid_by_GitHubs_schema()
    {
        var keys = new[] { Key.PullRequest("acme/web", 12), Key.Commit("acme/web", Payloads.Landing), Key.PullRequest("acme/api", 1) };
        _github.Repository("acme/api");
        _github.Lines.Chain(3);
        _github.Checks("SUCCESS")["statusCheckRollup"]!["contexts"] = FakeGitHub.Contexts([Payloads.CheckRun("completed", "success", 40, 50)], "next==", 2);
        static void Options(GitHubOptions o)
        {
            o.Repositories.Add("acme/api");
            o.TargetBranches.Add("release/\"1\" \u00e9");
        }
        var probe = _github.Probe(Options);
        LineGap[] lines = [new("acme/web", "main", null), new("acme/web", "release/1", FakeLines.Sha(2)), new("acme/api", "main", null), new("acme/web", "", FakeLines.Sha(1))];
        foreach (var batch in (ProbeBatch[])
        [
            new() { Source = "github", Keys = [.. keys], SweepSince = Payloads.Start, Lines = [.. lines], At = _github.Clock.GetUtcNow() },
            new() { Source = "github", Keys = [keys[0]], At = _github.Clock.GetUtcNow() },
            new() { Source = "github", Keys = [keys[1]], At = _github.Clock.GetUtcNow() },
            new() { Source = "github", SweepSince = Payloads.Start, At = _github.Clock.GetUtcNow() },
        ])
            await probe.ProbeAsync(batch, CancellationToken.None);
        await _github.Probe(static o => o.ItemLabelPattern = "^item:(?<id>.+)$").ProbeAsync(new ProbeBatch { Source = "github", Keys = [keys[0]], At = _github.Clock.GetUtcNow() }, CancellationToken.None);
        _github.Checks("SUCCESS", Payloads.CheckRun("completed", "success", 40, 50))["associatedPullRequests"] = JsonNode.Parse("""{"nodes":[{"number":12}]}""");
        await _github.Probe(static o => (o.ItemLabelPattern, o.FollowMergeQueue, o.RequiredChecksOnly) = ("^item:(?<id>.+)$", true, true)).ProbeAsync(new ProbeBatch { Source = "github", Keys = [keys[0], keys[1]], At = _github.Clock.GetUtcNow() }, CancellationToken.None);
        string[] queries = [.. _github.Queries.Distinct(StringComparer.Ordinal)];
        Assert.Contains(queries, static q => q.Contains("ClosedLoopContexts", StringComparison.Ordinal));
        Assert.Contains(queries, static q => q.Contains("...labelled", StringComparison.Ordinal));
        Assert.Contains(queries, static q => q.Contains("ClosedLoopHistory", StringComparison.Ordinal));
        Assert.Contains(queries, static q => q.Contains("...labelled ...queue", StringComparison.Ordinal));
        Assert.Equal(2, queries.Count(static q => q.Contains("isRequired(pullRequestNumber: 12)", StringComparison.Ordinal)) + queries.Count(static q => q.Contains("associatedPullRequests", StringComparison.Ordinal)));
        Assert.Equal("[]", await ValidateAsync([Actions.ActionDocument.Look, Actions.ActionDocument.LookForRevert, Actions.ActionDocument.EnableAutoMerge, Actions.ActionDocument.Enqueue, Actions.ActionDocument.Revert]));
        Assert.Equal("[]", await ValidateAsync([.. queries, GraphQl.GraphQlHistoryDocument.Of(lines, withMessages: false)]));
        // The check can fail.
        Assert.Contains("pullRequestt", await ValidateAsync([queries[0].Replace("pullRequest(", "pullRequestt(", StringComparison.Ordinal)]), StringComparison.Ordinal);
    }

    private static async Task<string> ValidateAsync(string[] documents)
    {
        string? path = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(path) || !File.Exists(path))
            Assert.Fail($"{Variable} must name index.js of npm's @octokit/graphql-schema; run ./test.sh, which installs it and sets the variable.");
        const string Script = """
            import { readFileSync } from "node:fs";
            import { pathToFileURL } from "node:url";
            const { validate } = await import(pathToFileURL(process.argv[1]));
            const documents = JSON.parse(readFileSync(0, "utf8"));
            console.log(JSON.stringify(documents.flatMap(d => validate(d).map(e => e.message))));
            """;
        var start = new ProcessStartInfo("node") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])["--input-type=module", "-e", Script, path!]) start.ArgumentList.Add(argument);
        using var node = Process.Start(start)!;
        var output = node.StandardOutput.ReadToEndAsync();
        var errors = node.StandardError.ReadToEndAsync();
        await node.StandardInput.WriteAsync(JsonSerializer.Serialize(documents));
        node.StandardInput.Close();
        await node.WaitForExitAsync();
        Assert.True(node.ExitCode == 0, await errors);
        return (await output).Trim();
    }
}
