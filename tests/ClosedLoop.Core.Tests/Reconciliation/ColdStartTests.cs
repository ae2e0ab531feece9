using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Items;
using ClosedLoop.Storage.InMemory;

namespace ClosedLoop.Core.Tests.Reconciliation;

/// <summary>The first start: peers deployed months-old images and alerted for history (spinnaker#2827, argocd-notifications#179).</summary>
public sealed class ColdStartTests
{
    private readonly FakeSource _source = new();
    private readonly CollectingSink _sink = new();

    [Fact]
    public async Task What_ran_out_before_anybody_watched_is_shown_and_nobody_is_told()
    {
        for (int i = 1; i <= 20; i++) _source.Happens(Given.Start.AddHours(-2), Given.Delivered(i, i, $"a{i}", minute: -3 * 24 * 60)[1..^1]);
        using var loop = Fixture();
        await loop.RunAsync(TimeSpan.FromHours(8), TimeSpan.FromMinutes(1));
        Assert.Equal([Gates.MainCi, ItemState.DoneClock], (await loop.Loop.GetStatusAsync("BL-1"))!.Overdue);
        Assert.Empty(_sink.Delivered);
        Assert.Equal(20, (await loop.ItemsAsync()).Count);
        // What begins now is told as ever.
        _source.Happens(loop.Now, Given.Built(1, GateStatus.Failed, 8 * 60, "a1"), Given.Review(1, "ann", GateStatus.Passed, 8 * 60));
        await loop.TakeAsync(Given.Delivered(50, 50, "b50", minute: 8 * 60)[..^1]);
        await loop.RunAsync(TimeSpan.FromHours(1), TimeSpan.FromMinutes(1));
        Assert.Contains(_sink.Delivered, static n => n.ItemId == "BL-50" && n.Gate == Gates.MainCi);
    }

    [Fact]
    public async Task A_limit_that_ran_out_unnoticed_on_a_running_system_is_told()
    {
        using var loop = Fixture();
        await loop.RunAsync(TimeSpan.FromMinutes(5));
        _source.Happens(loop.Now, Given.Delivered(1, 1, "a1", minute: -3 * 24 * 60)[1..^1]);
        await loop.RunAsync(TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(1));
        Assert.Contains(_sink.Delivered, static n => n.ItemId == "BL-1" && n.Gate == Gates.MainCi);
    }

    [Fact]
    public async Task A_restart_on_an_existing_store_tells_nothing_again()
    {
        var store = new InMemoryLoopStore();
        using var first = Fixture(store);
        await first.RunAsync(TimeSpan.FromMinutes(5));
        _source.Happens(first.Now, Given.Delivered(1, 1, "a1", minute: -600)[1..^1]);
        await first.RunAsync(TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(1));
        int told = _sink.Delivered.Count;
        Assert.NotEqual(0, told);
        string states = await first.StatesAsync();
        int transitions = (await first.TransitionsAsync()).Count;
        using var second = Fixture(store, first);
        await second.RunAsync(TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(1));
        Assert.Equal(told, _sink.Delivered.Count);
        Assert.Equal(states, await second.StatesAsync());
        Assert.Equal(transitions, (await second.TransitionsAsync()).Count);
    }

    private LoopFixture Fixture(InMemoryLoopStore? store = null, LoopFixture? before = null) => new(l => l.AddSink(_ => _sink).AddAdapter(_ => _source.Register()), store, before?.Time);
}
