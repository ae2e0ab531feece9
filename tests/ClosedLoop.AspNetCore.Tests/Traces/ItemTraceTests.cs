using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using ClosedLoop.Diagnostics;
using ClosedLoop.Testing.Time;

namespace ClosedLoop.AspNetCore.Tests.Traces;

public sealed class ItemTraceTests : IDisposable
{
    private const string Evidence = "\"evidence\":{\"url\":\"https://ci.example/1\"}";

    private static readonly DateTimeOffset Start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    private readonly ConcurrentQueue<Activity> _stopped = new();
    private readonly ActivityListener _listener;

    public ItemTraceTests()
    {
        _listener = new ActivityListener { ShouldListenTo = static s => s.Name == LoopActivities.SourceName, Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded, ActivityStopped = _stopped.Enqueue };
        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task An_item_that_completes_is_one_trace_with_a_span_for_each_gate_at_the_evidences_instants()
    {
        var time = new ManualTimeProvider(Start);
        await using var host = await LoopHost.StartAsync(time: time);
        await DeliverAsync(host, time, "BL-trace-1");

        var root = Assert.Single(Of("BL-trace-1"), static a => a.Kind == ActivityKind.Server);
        var gates = Of("BL-trace-1").Where(a => a.ParentSpanId == root.SpanId).ToList();

        Assert.Equal("RUN delivery", root.DisplayName);
        Assert.Equal(default, root.ParentSpanId);
        Assert.Equal(ItemTraces.TraceIdOf("BL-trace-1", Start.AddHours(2)), root.TraceId);
        Assert.Equal((Start.UtcDateTime, TimeSpan.FromHours(2)), (root.StartTimeUtc, root.Duration));
        Assert.Equal(("success", "BL-trace-1"), (root.GetTagItem("cicd.pipeline.result"), root.GetTagItem("cicd.pipeline.run.id")));
        Assert.Equal(["pr-opened", "reviewed", "merged", "main-ci"], gates.Select(static g => g.DisplayName));
        Assert.All(gates, gate => Assert.Equal(root.TraceId, gate.TraceId));
        var ci = gates[^1];
        Assert.Equal((Start.AddHours(1).UtcDateTime, TimeSpan.FromHours(1)), (ci.StartTimeUtc, ci.Duration));
        Assert.Equal(("main-ci", "success", "https://ci.example/1"), (ci.GetTagItem("cicd.pipeline.task.name"), ci.GetTagItem("cicd.pipeline.task.run.result"), ci.GetTagItem("cicd.pipeline.task.run.url.full")));
    }

    [Fact]
    public async Task What_comes_after_DONE_joins_the_trace_and_a_repetition_adds_nothing()
    {
        var time = new ManualTimeProvider(Start);
        await using var host = await LoopHost.StartAsync(time: time);
        await DeliverAsync(host, time, "BL-trace-2");
        time.Advance(TimeSpan.FromMinutes(5));
        await FactAsync(host, "BL-trace-2", """{"gate":"image-built","status":"passed","reason":"seen"}""", "person:ann");
        await host.PostAsync("/api/items", """{"id":"BL-trace-2"}""");
        await host.HookAsync(TestAdapter.Body("BL-trace-2", run: 1), delivery: "again");

        var all = Of("BL-trace-2");

        Assert.Equal(1, all.Count(static a => a.Kind == ActivityKind.Server));
        Assert.Single(all, static a => a.DisplayName == "image-built");
        Assert.Single(all.Select(static a => a.TraceId).Distinct());
    }

    [Fact]
    public async Task A_regression_is_told_in_the_old_trace_and_the_next_completion_is_a_new_one_linked_to_it()
    {
        var time = new ManualTimeProvider(Start);
        await using var host = await LoopHost.StartAsync(time: time);
        await DeliverAsync(host, time, "BL-trace-3");
        time.Advance(TimeSpan.FromHours(1));
        await FactAsync(host, "BL-trace-3", """{"gate":"main-ci","status":"failed","detail":"red again"}""", "ci:nightly");
        time.Advance(TimeSpan.FromHours(1));
        await FactAsync(host, "BL-trace-3", $$"""{"gate":"main-ci","status":"passed",{{Evidence}}}""", "ci:nightly");

        var roots = Of("BL-trace-3").Where(static a => a.Kind == ActivityKind.Server).ToList();

        Assert.Equal(2, roots.Count);
        Assert.NotEqual(roots[0].TraceId, roots[1].TraceId);
        Assert.Equal(roots[0].Context.TraceId, Assert.Single(roots[1].Links).Context.TraceId);
        var regressed = Assert.Single(Of("BL-trace-3"), static a => a.DisplayName == "REGRESSED delivery");
        Assert.Equal((roots[0].TraceId, roots[0].SpanId, ActivityStatusCode.Error), (regressed.TraceId, regressed.ParentSpanId, regressed.Status));
    }

    [Fact]
    public async Task Receiving_and_committing_are_activities_and_a_commit_belongs_to_no_callers_trace()
    {
        await using var host = await LoopHost.StartAsync();
        await host.HookAsync(TestAdapter.Body("BL-trace-4"));

        var webhook = await LoopHost.UntilAsync(() => Task.FromResult(_stopped.FirstOrDefault(static a => a.DisplayName == "webhook test" && (string?)a.GetTagItem("closedloop.outcome") == "Accepted")), "a webhook's activity");
        var commit = await LoopHost.UntilAsync(() => Task.FromResult(_stopped.FirstOrDefault(static a => a.DisplayName == "commit")), "a commit's activity");

        Assert.Equal("gate", webhook.GetTagItem("closedloop.event"));
        Assert.NotEqual(webhook.TraceId, commit.TraceId);
    }

    private List<Activity> Of(string item) =>
        [.. _stopped.Where(a => (a.GetTagItem("cicd.pipeline.run.id") as string) == item || (a.GetTagItem("cicd.pipeline.task.run.id") as string)?.StartsWith(item + "/", StringComparison.Ordinal) == true)];

    /// <summary>Opened at once, merged after one hour, main green after two.</summary>
    private static async Task DeliverAsync(LoopHost host, ManualTimeProvider time, string id)
    {
        using var opened = await host.PostAsync("/api/items", $$"""{"id":"{{id}}"}""");
        await FactAsync(host, id, $$"""{"gate":"pr-opened","status":"passed",{{Evidence}}}""", "agent:builder-7");
        time.Advance(TimeSpan.FromHours(1));
        await FactAsync(host, id, """{"gate":"reviewed","status":"passed","reason":"seen"}""", "person:ann");
        await FactAsync(host, id, """{"gate":"merged","status":"passed","reason":"seen"}""", "person:ann");
        time.Advance(TimeSpan.FromHours(1));
        await FactAsync(host, id, $$"""{"gate":"main-ci","status":"passed",{{Evidence}}}""", "ci:nightly");
    }

    private static async Task FactAsync(LoopHost host, string id, string json, string writer)
    {
        using var response = await host.PostAsync($"/api/items/{id}/facts", json, writer);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
