using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ClosedLoop.Core.Tests.Hosting;

public sealed class LoopClientTests : IDisposable
{
    private readonly LoopFixture _loop = new();

    public void Dispose() => _loop.Dispose();

    [Fact]
    public async Task Waiting_ends_when_the_item_is_done()
    {
        var waiting = _loop.Loop.WaitUntilDoneAsync("BL-1", TimeSpan.MaxValue);
        await _loop.TakeAsync(Given.Delivered(1, 1, "a1")[..^1]);
        Assert.False(waiting.IsCompleted);
        await _loop.TakeAsync(Given.Built(1, GateStatus.Passed, 5, "a1"));
        Assert.True((await waiting.WaitAsync(TimeSpan.FromSeconds(30)))!.IsDone);
    }

    [Fact]
    public async Task Waiting_ends_when_the_item_is_abandoned()
    {
        await _loop.TakeAsync(Given.PrOpen(1, 1, Given.Item(1)));
        var waiting = _loop.Loop.WaitUntilDoneAsync("BL-1", TimeSpan.FromHours(1));
        await _loop.TakeAsync(Given.PrClosed(1, 2, Given.Item(1)));
        Assert.True((await waiting.WaitAsync(TimeSpan.FromSeconds(30)))!.IsAbandoned);
    }

    [Fact]
    public async Task Waiting_ends_at_its_timeout_with_what_is_so_then()
    {
        await _loop.TakeAsync(Given.PrOpen(1, 1, Given.Item(1)));
        var waiting = _loop.Loop.WaitUntilDoneAsync("BL-1", TimeSpan.FromMinutes(5));
        var unknown = _loop.Loop.WaitUntilDoneAsync("BL-2", TimeSpan.FromMinutes(5));
        while (!waiting.IsCompleted || !unknown.IsCompleted)
        {
            _loop.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        Assert.False((await waiting)!.IsDone);
        Assert.Null(await unknown);
        Assert.True(_loop.Now >= Given.At(5));
    }

    [Fact]
    public async Task Waiting_without_a_limit_is_written_as_everywhere_in_dotnet()
    {
        await _loop.TakeAsync(Given.PrOpen(1, 1, Given.Item(1)));
        var waiting = _loop.Loop.WaitUntilDoneAsync("BL-1", Timeout.InfiniteTimeSpan);
        Assert.False(waiting.IsCompleted);
        await _loop.TakeAsync(Given.PrClosed(1, 2, Given.Item(1)));
        Assert.True((await waiting.WaitAsync(TimeSpan.FromSeconds(30)))!.IsAbandoned);
    }

    [Fact]
    public void A_host_cannot_speak_as_the_migration_or_as_nobody()
    {
        Assert.Throws<ArgumentException>(static () => new LoopFixture(static l => l.SpeakAs(Writer.Migration)));
        Assert.Throws<ArgumentException>(static () => new LoopFixture(static l => l.SpeakAs(default)));
    }

    [Fact]
    public async Task Two_parts_of_an_application_may_both_add_it()
    {
        var services = new ServiceCollection();
        services.AddClosedLoop(static l => l.SpeakAs(Given.Host)).AddClosedLoop();
        await using var provider = services.BuildServiceProvider();
        Assert.Equal(Given.Host, provider.GetRequiredService<IClosedLoop>().Writer);
        Assert.Equal(["log"], provider.GetServices<ClosedLoop.Outbox.INotificationSink>().Select(static s => s.Name));
    }

    [Fact]
    public async Task Watching_streams_every_change_in_order_without_gaps_while_many_commit_at_once()
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var seen = new List<long>();
        var items = new HashSet<string>(StringComparer.Ordinal);
        var watching = Task.Run(async () =>
        {
            await foreach (var transition in _loop.Loop.WatchAsync(cancellationToken: stop.Token))
            {
                seen.Add(transition.Sequence);
                if (transition.Kind == TransitionKind.Completed) items.Add(transition.ItemId);
                if (items.Count == 40) return;
            }
        });
        await Task.WhenAll(Enumerable.Range(1, 40).Select(i => Task.Run(async () =>
        {
            foreach (var fact in Given.Delivered(i, i, "c" + i)) await _loop.TakeAsync(fact with { Subject = fact.Subject.Is(KeySchemes.Build) ? Given.Build(i) : fact.Subject });
        })));
        await watching;
        Assert.Equal(Enumerable.Range(1, seen.Count).Select(static i => (long)i), seen);
    }

    [Fact]
    public async Task What_no_call_could_mean_throws_and_names_the_choices()
    {
        var error = await Assert.ThrowsAsync<ArgumentException>(async () => await _loop.Loop.RecordAsync("BL-1", "man-ci", Evidence.At("https://x.example")));
        Assert.Contains("main-ci", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(async () => await _loop.Loop.OpenAsync(new WorkItem("BL-1") { Pipeline = "none" }));
        await Assert.ThrowsAsync<ArgumentException>(async () => await _loop.Loop.WaiveAsync("BL-1", Gates.MainCi, " ", "why"));
        await Assert.ThrowsAsync<ArgumentException>(async () => await _loop.Loop.LinkAsync("BL-1"));
        await Assert.ThrowsAsync<ArgumentException>(async () => await _loop.Loop.LinkAsync("BL-1", default(Key)));
    }

    [Fact]
    public async Task In_a_real_host_on_the_system_clock_it_starts_reads_a_source_and_stops_cleanly()
    {
        var source = new FakeSource();
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddClosedLoop(l => l.AddAdapter(_ => source.Register()).SpeakAs(Given.Host));
        using var host = builder.Build();
        source.Happens(TimeProvider.System.GetUtcNow(), Given.Delivered(1, 1, "a1")[1..]);
        await host.StartAsync();
        var loop = host.Services.GetRequiredService<IClosedLoop>();
        var status = await loop.WaitUntilDoneAsync("BL-1", TimeSpan.FromSeconds(60));
        Assert.True(status!.IsDone);
        Assert.NotNull((await loop.GetStatusAsync("BL-1"))!.NextLookAt);
        await host.StopAsync();
    }

    [Fact]
    public async Task Opening_an_item_again_with_less_loses_nothing_of_what_was_declared()
    {
        using var fixture = new LoopFixture(static l => l.AddPipeline("delivery", p => p.UseDefaultGates()).AddPipeline("strict", p => p.UseDefaultGates().DoneWhen(Done.Healthy)));
        var loop = fixture.Loop;
        await loop.OpenAsync(new WorkItem("BL-1") { Title = "Fix login", Pipeline = "strict", Priority = "high", Agent = new AgentInfo("builder-7", "model-x 1.2", "s-9") { Iteration = 2, PromptDigest = "sha256:1" } });
        var before = (await loop.GetStatusAsync("BL-1"))!.State;
        await loop.OpenAsync(new WorkItem("BL-1"));
        Assert.Equal(ClosedLoop.Storage.StoredJson.Write(before), ClosedLoop.Storage.StoredJson.Write((await loop.GetStatusAsync("BL-1"))!.State));

        await loop.OpenAsync(new WorkItem("BL-1") { Title = "Fix the login" });
        var after = (await loop.GetStatusAsync("BL-1"))!.State;
        Assert.Equal(("Fix the login", "strict", "high", before.Provenance), (after.Title, after.Pipeline, after.Priority, after.Provenance));
    }

    [Fact]
    public async Task A_pass_without_an_address_to_look_at_is_no_evidence()
    {
        using var fixture = new LoopFixture();
        await Assert.ThrowsAsync<ArgumentException>(async () => await fixture.Loop.As(Given.Scm).RecordAsync("BL-1", Gates.Merged, new Evidence(null)));
    }
}
