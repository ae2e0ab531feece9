using System.Text.Json.Nodes;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Jenkins.Tests;

/// <summary>Whatever is lost, doubled or late, and however often Jenkins is looked at meanwhile, the last look leaves the same facts.</summary>
public sealed class ConvergenceTests : IAsyncLifetime
{
    private const string Main = "job/acme/job/web/job/main";
    private static readonly DateTimeOffset Now = Given.Start + TimeSpan.FromHours(1);

    private FakeJenkins _jenkins = null!;

    public async Task InitializeAsync() => _jenkins = await FakeJenkins.StartAsync();

    public async Task DisposeAsync() => await _jenkins.DisposeAsync();

    [Fact]
    public async Task Webhooks_and_looks_in_any_mix_end_where_looks_alone_end()
    {
        _jenkins.Projects["job/acme/job/web"] = ["main", "PR-5"];
        var adapter = _jenkins.Adapter(change: static o => (o.Jobs[0].Path, o.Jobs[0].IsMultibranch, o.Jobs[0].Branch) = ("acme/web", true, "main"));
        var looks = new List<ProbeResult>();
        // #1 green; #2 waits for input, goes on, and fails; #3 aborted; #4 green, coalesced of c and d.
        (int Number, string Result, char Commit, string Changes)[] builds = [(1, "SUCCESS", 'a', "a"), (2, "FAILURE", 'b', "b"), (3, "ABORTED", 'c', "c"), (4, "SUCCESS", 'd', "cd")];
        var ended = new List<JsonObject>();
        foreach (var (number, result, commit, changes) in builds)
        {
            await ShowAsync(Given.Build(number, null, revision: null), null);
            await ShowAsync(Given.Build(number, null, commit, changes), number == 2 ? Run("PAUSED_PENDING_INPUT", 30, 10) : null);
            await ShowAsync(Given.Build(number, null, commit, changes), number == 2 ? Run("IN_PROGRESS", 40, 20) : null);
            ended.Insert(0, Given.Build(number, result, commit, changes));
            await ShowAsync(null, null);
        }
        Assert.Contains(looks.SelectMany(static l => l.Facts), static f => f.Reason == Reason.AwaitingApproval);
        var last = looks[^1];
        string expected = Show(last.Facts);
        Assert.Equal(4, last.Facts.Length);

        List<Fact> webhooks = [];
        foreach (var (number, result, commit, _) in builds)
            foreach (string phase in (string[])["QUEUED", "STARTED", "COMPLETED", "FINALIZED"])
                webhooks.Add(adapter.Translator!.Translate(Given.Delivery(Given.Notification(number, phase, phase[0] is 'C' or 'F' ? result : null, phase == "QUEUED" ? null : commit, path: Main))).State());
        List<Fact> meanwhile = [.. looks.SkipLast(1).SelectMany(static l => l.Facts)];
        for (int seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            // Each may be lost, come once or twice, and at any time; of the last look nothing is lost.
            var told = webhooks.Concat(meanwhile).SelectMany(f => Enumerable.Repeat(f, random.Next(3))).Concat(last.Facts).OrderBy(_ => random.Next());
            Assert.Equal(expected, Show(told));
        }

        // Without any look, the webhooks end with the same verdicts.
        Assert.Equal(Verdicts(last.Facts), Verdicts(webhooks));

        async Task ShowAsync(JsonObject? running, JsonObject? stages)
        {
            _jenkins.Jobs[Main] = [.. running is null ? [] : (JsonObject[])[running], .. ended];
            _jenkins.Stages.Clear();
            if (stages is not null) _jenkins.Stages[$"{Main}/2"] = stages;
            var result = await adapter.Probe!.ProbeAsync(new ProbeBatch { Source = "jenkins", SweepSince = Given.Start - TimeSpan.FromMinutes(5), At = Now.AddHours(looks.Count * 2) }, default);
            Assert.Equal(ProbeOutcome.Reached, result.Outcome);
            looks.Add(result);
        }
    }

    private static string Show(IEnumerable<Fact> facts) => string.Join('\n', Joined(facts).Select(static f => System.Text.Json.JsonSerializer.Serialize(f)));

    private static string Verdicts(IEnumerable<Fact> facts) => string.Join('\n', Joined(facts).Select(static f => $"{f.Subject} {f.Status} {f.Reason} {f.Revision} {f.OccurredAt:O}"));

    private static IEnumerable<Fact> Joined(IEnumerable<Fact> facts) =>
        facts.Where(static f => f.Kind == Gates.MainCi).GroupBy(static f => f.Register).Select(static g => g.Aggregate(FactJoin.Join)).OrderBy(static f => f.Register);

    private static JsonObject Run(string status, int active, int pause) =>
        new() { ["name"] = "#2", ["status"] = status, ["durationMillis"] = (active + pause) * 1000, ["pauseDurationMillis"] = pause * 1000, ["stages"] = new JsonArray() };
}
