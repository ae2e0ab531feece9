using System.Text.Json;
using System.Text.Json.Nodes;
using ClosedLoop.Facts;
using ClosedLoop.Items;
using ClosedLoop.Pipelines;

namespace ClosedLoop.Adapters.Jenkins.Tests;

/// <summary>The world that the tests share: a Jenkins at ci.acme.example, the job web-main of acme/web, and payloads of both paths.</summary>
internal static class Given
{
    public const string Token = "0123456789abcdef0123456789abcdef";
    public const string Repository = "acme/web";
    public const string Remote = "https://git.acme.example/acme/web.git";

    public static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    public static readonly TimeSpan Took = TimeSpan.FromMinutes(4);

    public static string Sha(char c) => new(c, 40);

    public static JenkinsOptions Options(Action<JenkinsOptions>? change = null)
    {
        var options = new JenkinsOptions { BaseAddress = new Uri("https://ci.acme.example/"), WebhookToken = Token };
        options.Jobs.Add(new JenkinsJob { Path = "web-main", Repository = Repository });
        change?.Invoke(options);
        return options;
    }

    public static IWebhookTranslator Translator(Action<JenkinsOptions>? change = null) =>
        JenkinsAdapter.Create(Options(change), new HttpClient(), TimeProvider.System).Translator!;

    public static WebhookDelivery Delivery(JsonNode body, DateTimeOffset? at = null) => Delivery(body.ToJsonString(), at);

    public static WebhookDelivery Delivery(string body, DateTimeOffset? at = null) => new()
    {
        Source = JenkinsAdapter.Name,
        Headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase),
        Body = System.Text.Encoding.UTF8.GetBytes(body),
        ReceivedAt = at ?? Start + TimeSpan.FromHours(1),
    };

    /// <summary>A notification of the notification plugin, with the times that the plugin itself would give.</summary>
    public static JsonObject Notification(int number, string phase, string? status = null, char? commit = 'a', DateTimeOffset? start = null, string root = "https://ci.acme.example/", string path = "job/web-main")
    {
        var began = start ?? Start;
        bool ended = phase is "COMPLETED" or "FINALIZED";
        var at = phase switch
        {
            "QUEUED" => began - TimeSpan.FromSeconds(5),
            "COMPLETED" => began + Took,
            "FINALIZED" => began + Took + TimeSpan.FromMilliseconds(321),
            _ => began,
        };
        var scm = new JsonObject { ["changes"] = new JsonArray(), ["culprits"] = new JsonArray() };
        if (commit is { } c)
        {
            scm["url"] = Remote;
            scm["branch"] = "origin/main";
            scm["commit"] = Sha(c);
        }
        var build = new JsonObject
        {
            ["full_url"] = $"{root}{path}/{number}/",
            ["number"] = number,
            ["queue_id"] = 73,
            ["timestamp"] = at.ToUnixTimeMilliseconds(),
            ["duration"] = ended ? (long)Took.TotalMilliseconds : 0,
            ["phase"] = phase,
            ["url"] = $"{path}/{number}/",
            ["scm"] = scm,
            ["log"] = "",
            ["notes"] = "",
            ["artifacts"] = new JsonObject(),
        };
        if (status is not null) build["status"] = status;
        return new JsonObject { ["name"] = path[(path.LastIndexOf('/') + 1)..], ["display_name"] = "main", ["url"] = path + "/", ["build"] = build };
    }

    /// <summary>A build as the JSON API shows it: with the empty and null actions that a real one has.</summary>
    public static JsonObject Build(int number, string? result, char? revision = 'a', string changes = "", DateTimeOffset? start = null, bool? building = null, string remote = Remote, string branch = "refs/remotes/origin/main")
    {
        var actions = new JsonArray(new JsonObject(), null, new JsonObject { ["_class"] = "hudson.model.CauseAction" });
        if (revision is { } sha) actions.Add(BuildData(sha, remote, branch));
        return new JsonObject
        {
            ["_class"] = "org.jenkinsci.plugins.workflow.job.WorkflowRun",
            ["actions"] = actions,
            ["building"] = building ?? result is null,
            ["displayName"] = $"#{number}",
            ["duration"] = result is null ? 0 : (long)Took.TotalMilliseconds,
            ["number"] = number,
            ["result"] = result,
            ["timestamp"] = (start ?? Start).ToUnixTimeMilliseconds(),
            ["url"] = $"https://ci.acme.example/job/web-main/{number}/",
            ["changeSets"] = new JsonArray(new JsonObject
            {
                ["_class"] = "hudson.plugins.git.GitChangeSetList",
                ["items"] = new JsonArray([.. changes.Select(c => new JsonObject { ["commitId"] = Sha(c), ["msg"] = "change" })]),
                ["kind"] = "git",
            }),
        };
    }

    public static JsonObject BuildData(char sha, string remote = Remote, string branch = "refs/remotes/origin/main") => new()
    {
        ["_class"] = "hudson.plugins.git.util.BuildData",
        ["lastBuiltRevision"] = new JsonObject { ["SHA1"] = Sha(sha), ["branch"] = new JsonArray(new JsonObject { ["SHA1"] = Sha(sha), ["name"] = branch }) },
        ["remoteUrls"] = new JsonArray(remote),
        ["scmName"] = "",
    };

    public static Fact State(this Translation translation) => Assert.Single(translation.Facts);

    public static Fact State(this ProbeResult result, int number) =>
        Assert.Single(result.Facts, f => f.Kind == Gates.MainCi && f.Subject.Value.EndsWith($"/{number}", StringComparison.Ordinal));

    /// <summary>A merged pull request whose landing is the commit: everything before main-ci.</summary>
    public static IEnumerable<Fact> Landed(int pr, char commit)
    {
        var change = Key.PullRequest(Repository, pr);
        var scm = new Writer(WriterRoles.SourceControl, "github");
        var at = Start - TimeSpan.FromMinutes(10);
        foreach (string gate in (string[])[Gates.PrOpened, Gates.Reviewed, Gates.Merged])
            yield return new Fact { Subject = change, Kind = gate, Writer = scm, Ordinal = new Ordinal(1), Status = GateStatus.Passed, OccurredAt = at };
        yield return new Fact { Subject = Key.Commit(Repository, Sha(commit)), Kind = FactKinds.Landing, Writer = scm, Ordinal = new Ordinal(1), OccurredAt = at, Links = [change] };
    }

    public static FactGraph Graph(params IEnumerable<Fact> facts)
    {
        var graph = new FactGraph();
        foreach (var fact in facts) graph.Apply(fact);
        return graph;
    }

    public static ItemState Item(this FactGraph graph, int pr, PipelineDefinition? pipeline = null) =>
        ItemFold.Fold(pipeline ?? PipelineDefinition.Default, Key.Item(Key.PullRequest(Repository, pr).ToString()), graph)!;

    public static GateView MainCi(this FactGraph graph, int pr, PipelineDefinition? pipeline = null) => graph.Item(pr, pipeline).Gate(Gates.MainCi)!;

    /// <summary>A state as text: records with lists do not compare by value.</summary>
    public static string Show(this ItemState state) => JsonSerializer.Serialize(state);
}
