using System.Text;
using System.Text.Json;
using ClosedLoop.Cli.Explaining;

namespace ClosedLoop.Cli.Tests;

/// <summary><c>closedloop explain</c> as it is typed.</summary>
public sealed class ExplainCommandTests
{
    private static readonly string[] FactMembers = ["gate", "subject", "kind", "ordinal", "status", "reason", "occurredAt", "keys"];
    private static readonly string Commit = new('a', 40);

    [Fact]
    public async Task A_build_is_explained_fact_by_fact_with_the_commits_that_it_covers()
    {
        string build = $$"""
            {"number":311,"url":"https://ci.example/job/web-main/311/","fullDisplayName":"web-main #311","result":"SUCCESS","building":false,"timestamp":1767603600000,"duration":90000,
             "actions":[{"lastBuiltRevision":{"SHA1":"{{Commit}}","branch":[{"SHA1":"{{Commit}}","name":"refs/remotes/origin/main"}]},"remoteUrls":["https://github.com/acme/web.git"]}],
             "changeSets":[{"kind":"git","items":[{"commitId":"{{new string('b', 40)}}"}]}]}
            """;
        var (code, lines, error) = await RunAsync(build, "explain", "jenkins", "-");
        Assert.Equal((0, ""), (code, error));
        var fact = Assert.Single(lines, static l => l.TryGetProperty("gate", out var gate) && gate.GetString() == "main-ci");
        Assert.All(FactMembers, name => Assert.True(fact.TryGetProperty(name, out _), name));
        Assert.Equal(("passed", $"commit:acme/web@{Commit}"), (fact.GetProperty("status").GetString(), fact.GetProperty("keys")[0].GetString()));
        Assert.Equal("passed", lines[^1].GetProperty("verdict").GetString());
        Assert.Equal(2, lines[^1].GetProperty("commits").GetArrayLength());
    }

    [Fact]
    public async Task A_rollup_is_counted()
    {
        const string Rollup = """
            {"statusCheckRollup":[
              {"__typename":"CheckRun","name":"build","workflowName":"ci","status":"COMPLETED","conclusion":"SUCCESS","startedAt":"2026-01-05T09:00:00Z","completedAt":"2026-01-05T09:01:00Z"},
              {"__typename":"CheckRun","name":"test","workflowName":"ci","status":"COMPLETED","conclusion":"FAILURE","startedAt":"2026-01-05T09:00:00Z","completedAt":"2026-01-05T09:01:00Z"},
              {"__typename":"CheckRun","name":"docs","workflowName":"ci","status":"COMPLETED","conclusion":"SKIPPED","startedAt":"2026-01-05T09:00:00Z","completedAt":"2026-01-05T09:01:00Z"},
              {"__typename":"StatusContext","context":"scan","state":"PENDING","createdAt":"2026-01-05T09:00:00Z"}]}
            """;
        var (code, lines, _) = await RunAsync(Rollup, "explain", "github", "--event", "rollup", "-");
        Assert.Equal(0, code);
        var last = lines[^1];
        Assert.Equal("failed", last.GetProperty("verdict").GetString());
        Assert.Equal((1, 1, 1, 0, 1), (Count("pass"), Count("fail"), Count("pending"), Count("cancelled"), Count("skipped")));

        long Count(string name) => last.GetProperty(name).GetInt64();
    }

    [Fact]
    public async Task A_rollout_is_judged_as_kubectl_does()
    {
        const string Deployment = """
            {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"production","generation":2,"creationTimestamp":"2026-01-05T09:00:00Z"},
             "spec":{"replicas":3,"selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"web","image":"registry.example/acme/web:1"}]}}},
             "status":{"observedGeneration":2,"replicas":3,"updatedReplicas":2,"availableReplicas":3}}
            """;
        var (code, lines, _) = await RunAsync(Deployment, "explain", "kubernetes", "-");
        Assert.Equal(0, code);
        Assert.Equal(("running", "waiting"), (lines[^1].GetProperty("verdict").GetString(), lines[^1].GetProperty("rollout").GetString()));
        Assert.Contains("2 out of 3 new replicas have been updated", lines[^1].GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Yaml_is_taken_as_kubectl_writes_it()
    {
        const string Deployment = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, namespace: production, generation: 2, annotations: {"deployment.kubernetes.io/revision": "2"}}
            spec: {replicas: 1, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: "registry.example/acme/web:1"}]}}}
            status:
              observedGeneration: 1
            """;
        var (code, lines, _) = await RunAsync(Deployment, "explain", "kubernetes", "-");
        Assert.Equal(0, code);
        Assert.Contains("spec update to be observed", lines[^1].GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recorded_requests_one_on_a_line_are_taken_one_after_the_other()
    {
        string push = $$"""{"headers":{"User-Agent":"x"},"body":{"events":[{"id":"1","timestamp":"2026-01-05T09:00:00Z","action":"push","target":{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:{{new string('c', 64)}}","repository":"acme/web","tag":"v1"} }] } }""";
        const string Pull = """{"headers":{"User-Agent":"x"},"body":{"events":[{"id":"2","timestamp":"2026-01-05T09:00:01Z","action":"pull","target":{"repository":"acme/web"}}]}}""";
        var (code, lines, _) = await RunAsync($"{Pull}\n{push}\n", "explain", "oci", "-");
        Assert.Equal(0, code);
        Assert.Equal("image-built", Assert.Single(lines, static l => l.TryGetProperty("gate", out _)).GetProperty("gate").GetString());
        Assert.Equal("passed", lines[^1].GetProperty("verdict").GetString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("key: [unclosed")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("<html>")]
    public async Task What_is_no_payload_has_no_verdict_and_throws_for_no_adapter(string input)
    {
        foreach (string adapter in Explainers.All.Keys)
        {
            var (code, lines, error) = await RunAsync(input, "explain", adapter, "-");
            Assert.Equal((0, ""), (code, error));
            Assert.Equal("none", lines[^1].GetProperty("verdict").GetString());
        }
    }

    [Theory]
    [InlineData("explain")]
    [InlineData("explain", "nobody", "-")]
    [InlineData("explain", "github")]
    [InlineData("explain", "github", "/no/such/file")]
    [InlineData("prove", "github", "-")]
    public async Task A_wrong_line_ends_with_2_and_says_why(params string[] line)
    {
        var (code, _, error) = await RunAsync("{}", line);
        Assert.Equal(2, code);
        Assert.NotEmpty(error);
    }

    [Fact]
    public async Task Help_names_every_adapter()
    {
        using var output = new StringWriter();
        Assert.Equal(0, await ClosedLoopCommand.RunAsync(["explain", "--help"], Stream.Null, output, TextWriter.Null));
        Assert.All(Explainers.All.Keys, name => Assert.Contains(name, output.ToString(), StringComparison.Ordinal));
    }

    private static async Task<(int Code, IReadOnlyList<JsonElement> Lines, string Error)> RunAsync(string input, params string[] line)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = await ClosedLoopCommand.RunAsync(line, new MemoryStream(Encoding.UTF8.GetBytes(input)), output, error);
        return (code, code == 0 ? [.. output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static l => JsonDocument.Parse(l).RootElement)] : [], error.ToString());
    }
}
