using System.Collections.Immutable;
using ClosedLoop.Adapters;
using ClosedLoop.Diagnostics;
using ClosedLoop.Facts;
using ClosedLoop.Hosting;
using ClosedLoop.Intake;
using ClosedLoop.Items;
using ClosedLoop.Storage;
using ClosedLoop.Storage.InMemory;
using ClosedLoop.Testing.Time;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.Core.Tests.Support;

/// <summary>The library as an application gets it, on manual time and a store in memory, without a host: tests drive the engine.</summary>
internal sealed class LoopFixture : IDisposable
{
    private readonly ServiceProvider _services;

    /// <param name="configure">Further configuration.</param>
    /// <param name="store">A store that another engine has used, or a decorated one.</param>
    /// <param name="time">A clock that another engine uses.</param>
    public LoopFixture(Action<ClosedLoopBuilder>? configure = null, ILoopStore? store = null, ManualTimeProvider? time = null)
    {
        Time = time ?? new ManualTimeProvider(Given.Start);
        Store = store ?? new InMemoryLoopStore();
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(Time);
        services.AddClosedLoop(loop =>
        {
            loop.UseStore(_ => Store);
            loop.SpeakAs(Given.Host);
            configure?.Invoke(loop);
        });
        _services = services.BuildServiceProvider();
    }

    public ManualTimeProvider Time { get; }

    public ILoopStore Store { get; }

    public IClosedLoop Loop => Get<IClosedLoop>();

    public LoopEngine Engine => Get<LoopEngine>();

    public Committer Committer => Get<Committer>();

    public LoopMetrics Metrics => Get<LoopMetrics>();

    public DateTimeOffset Now => Time.GetUtcNow();

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public void Dispose() => _services.Dispose();

    public static Submission Submission(params IEnumerable<Fact> facts)
    {
        var all = facts.ToImmutableArray();
        return new Submission { Source = "test", ReceivedAt = Given.At(1_000_000), Facts = all, Writers = [.. all.Select(static f => f.Writer).Distinct()] };
    }

    /// <summary>Submits facts together, each on the word of its own writer.</summary>
    public async Task<SubmissionResult> TakeAsync(params IEnumerable<Fact> facts) => await Get<IIntake>().SubmitAsync(Submission(facts));

    /// <summary>Moves the clock in steps and does what is due at each.</summary>
    public async Task RunAsync(TimeSpan span, TimeSpan? step = null)
    {
        var end = Now + span;
        await Engine.RunDueAsync(default);
        while (Now < end)
        {
            var next = Now + (step ?? TimeSpan.FromSeconds(10));
            Time.AdvanceTo(next < end ? next : end);
            await Engine.RunDueAsync(default);
        }
    }

    public async Task<ItemState> StateAsync(string id) => await FindAsync(id) ?? throw new InvalidOperationException($"nothing is known of {id}");

    public async Task<ItemState?> FindAsync(string id) => (await Store.FindItemsAsync([id], default)) is [var record] ? record.State : null;

    public async Task<GateView> GateAsync(string id, string gate) => (await StateAsync(id)).Gate(gate)!;

    public async Task<IReadOnlyList<ItemRecord>> ItemsAsync()
    {
        var all = new List<ItemRecord>();
        string? cursor = null;
        do
        {
            var page = await Store.QueryItemsAsync(new ItemQuery { Limit = 500, Cursor = cursor }, default);
            all.AddRange(page.Items);
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return [.. all.OrderBy(static r => r.State.Id, StringComparer.Ordinal)];
    }

    /// <summary>All stored states as text, by id.</summary>
    public async Task<string> StatesAsync() => string.Join('\n', (await ItemsAsync()).Select(static r => StoredJson.Write(r.State)));

    public async Task<IReadOnlyList<Transition>> TransitionsAsync(string? id = null) =>
        await Store.ReadTransitionsAsync(new TransitionQuery { ItemId = id, Limit = 1000 }, default);

    public async Task<IReadOnlyList<QuarantineEntry>> QuarantineAsync() => await Store.ReadQuarantineAsync(1000, default);
}
