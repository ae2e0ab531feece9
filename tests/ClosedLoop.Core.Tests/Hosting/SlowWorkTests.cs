using ClosedLoop.Adapters;
using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Outbox;
using ClosedLoop.Storage;
using ClosedLoop.Storage.InMemory;

namespace ClosedLoop.Core.Tests.Hosting;

/// <summary>What one node works on for longer than its lease is not done by another one as well.</summary>
public sealed class SlowWorkTests
{
    private const int Count = 12;
    private readonly InMemoryLoopStore _store = new();

    [Fact]
    public async Task Messages_behind_a_slow_sink_are_not_delivered_by_another_node_as_well()
    {
        var sink = new SlowSink();
        using var one = new LoopFixture(l => l.AddSink(_ => sink), _store);
        using var other = new LoopFixture(l => l.AddSink(_ => sink), _store, one.Time);
        await other.Engine.StartAsync(default);
        sink.OnDelivery = async () =>
        {
            one.Time.Advance(TimeSpan.FromSeconds(50));
            await other.Engine.DeliverAsync(default);
        };
        await _store.CommitAsync(new StoreCommit { At = one.Now, Outbox = [.. Enumerable.Range(1, Count).Select(i => Message(i, one.Now))] }, default);
        await one.Engine.StartAsync(default);
        while (await one.Engine.DeliverAsync(default)) continue;
        Assert.Equal(Enumerable.Range(1, Count).Select(static i => $"k{i}"), sink.Delivered);
    }

    [Fact]
    public async Task Messages_that_another_node_took_over_are_left_to_it()
    {
        var sink = new SlowSink();
        using var one = new LoopFixture(l => l.AddSink(_ => sink), _store);
        using var other = new LoopFixture(l => l.AddSink(_ => sink), _store, one.Time);
        await other.Engine.StartAsync(default);
        // It hangs for far longer than its lease, once.
        sink.OnDelivery = async () =>
        {
            sink.OnDelivery = static () => Task.CompletedTask;
            one.Time.Advance(TimeSpan.FromMinutes(10));
            await other.Engine.DeliverAsync(default);
        };
        await _store.CommitAsync(new StoreCommit { At = one.Now, Outbox = [.. Enumerable.Range(1, Count).Select(i => Message(i, one.Now))] }, default);
        await one.Engine.StartAsync(default);
        while (await one.Engine.DeliverAsync(default)) continue;
        // The one that it hung on is delivered twice: at least once is what is promised.
        Assert.Equal(Count + 1, sink.Delivered.Count);
        Assert.Equal(Count, sink.Delivered.Distinct().Count());
        Assert.Null(await _store.NextWakeAsync(default));
    }

    [Fact]
    public async Task Looks_behind_a_slow_answer_are_not_made_by_another_node_as_well()
    {
        var source = new FakeSource();
        using var one = new LoopFixture(l => l.AddAdapter(_ => source.Register(TimeSpan.FromDays(30), null, 1)), _store);
        using var other = new LoopFixture(l => l.AddAdapter(_ => source.Register(TimeSpan.FromDays(30), null, 1)), _store, one.Time);
        for (int i = 1; i <= Count; i++) await one.TakeAsync(Given.PrOpen(i, 0, Given.Item(i)));
        await other.Engine.StartAsync(default);
        // All are due now, and a month from then on.
        one.Time.Advance(TimeSpan.FromDays(60));
        bool isOther = false;
        source.Answer = _ =>
        {
            // Each answer takes two minutes, and while it is waited for the other node looks for work.
            if (isOther) return null;
            isOther = true;
            one.Time.Advance(TimeSpan.FromMinutes(2));
            other.Engine.Probers[0].RunOnceAsync(default).AsTask().GetAwaiter().GetResult();
            isOther = false;
            return null;
        };
        await one.Engine.Probers[0].RunOnceAsync(default);
        Assert.Equal(Count, source.Probes.SelectMany(static p => p.Keys).Count());
        Assert.Equal(Count, source.Probes.SelectMany(static p => p.Keys).Distinct().Count());
    }

    private static OutboxMessage Message(int number, DateTimeOffset at) =>
        new($"k{number}", "slow", $$"""{"idempotencyKey":"k{{number}}","type":"gate.overdue","itemId":"BL-1","summary":"main-ci has not passed","at":"2026-01-05T09:00:00+00:00"}""", at);

    private sealed class SlowSink : INotificationSink
    {
        public List<string> Delivered { get; } = [];

        public Func<Task> OnDelivery { get; set; } = static () => Task.CompletedTask;

        public string Name => "slow";

        public async ValueTask DeliverAsync(Notification notification, CancellationToken cancellationToken)
        {
            Delivered.Add(notification.IdempotencyKey);
            await OnDelivery();
        }
    }
}
