using ClosedLoop.Facts;
using ClosedLoop.Intake;
using ClosedLoop.Hosting;
using ClosedLoop.Storage.InMemory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ClosedLoop.Storage.Postgres.Tests;

/// <summary>The library as an application gets it: one of several that share a database.</summary>
internal sealed class Node : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly List<IHostedService> _started = [];

    private Node(Action<ClosedLoopBuilder> configure, TimeProvider? time)
    {
        var services = new ServiceCollection();
        if (time is not null) services.AddSingleton(time);
        services.AddClosedLoop(loop =>
        {
            loop.SpeakAs(new Writer(WriterRoles.Host, "app"));
            configure(loop);
        });
        _services = services.BuildServiceProvider();
    }

    public IClosedLoop Loop => _services.GetRequiredService<IClosedLoop>();

    public ILoopStore Store => _services.GetRequiredService<ILoopStore>();

    public IIntake Intake => _services.GetRequiredService<IIntake>();

    /// <param name="configure">The store, and more.</param>
    /// <param name="runs">Whether its engine runs by itself.</param>
    /// <param name="time">Its clock; the machine's when null.</param>
    public static async Task<Node> StartAsync(Action<ClosedLoopBuilder> configure, bool runs, TimeProvider? time = null)
    {
        var node = new Node(configure, time);
        // Prepares the store; the engine does it by itself.
        await node.Loop.GetStatusAsync("nothing");
        if (!runs) return node;
        foreach (var service in node._services.GetServices<IHostedService>())
        {
            await service.StartAsync(default);
            node._started.Add(service);
        }
        return node;
    }

    public static Task<Node> InMemoryAsync() => StartAsync(static loop => loop.UseInMemory(), runs: false);

    public ValueTask<SubmissionResult> DeliverAsync(string id, params Fact[] facts) => Intake.SubmitAsync(new Submission
    {
        Source = "test",
        DeliveryId = id,
        ReceivedAt = new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero),
        Facts = [.. facts],
        Writers = [.. facts.Select(static f => f.Writer).Distinct()],
    });

    /// <summary>All stored states as text, by id.</summary>
    public async Task<string> StatesAsync()
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
        return string.Join('\n', all.OrderBy(static r => r.State.Id, StringComparer.Ordinal).Select(static r => StoredJson.Write(r.State)));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in _started) await service.StopAsync(default);
        await _services.DisposeAsync();
    }
}
