using System.Collections.Immutable;
using ClosedLoop.Adapters;
using ClosedLoop.Facts;
using ClosedLoop.Hosting;
using ClosedLoop.Intake;
using ClosedLoop.Lines;
using ClosedLoop.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.Testing.Adapters;

/// <summary>A whole engine in memory that one story is told to.</summary>
internal sealed class StoryRecord : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly AdapterRegistration _adapter;

    private StoryRecord(ServiceProvider services, AdapterRegistration adapter) => (_services, _adapter) = (services, adapter);

    public static async Task<StoryRecord> StartAsync(AdapterExample example, AdapterRegistration adapter)
    {
        var services = new ServiceCollection().AddClosedLoop(loop => loop.AddPipeline("delivery", example.Pipeline).AddAdapter(_ => adapter)).BuildServiceProvider();
        await services.GetRequiredService<ILoopQueries>().CountAsync().ConfigureAwait(false);
        return new StoryRecord(services, adapter);
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    public ValueTask<WebhookResult> ReceiveAsync(WebhookDelivery delivery) => _services.GetRequiredService<IWebhookReceiver>().ReceiveAsync(delivery with { Source = _adapter.Name });

    public ValueTask<SubmissionResult> SubmitAsync(ImmutableArray<Fact> facts, ImmutableArray<CommitNode> history, DateTimeOffset at) =>
        _services.GetRequiredService<IIntake>().SubmitAsync(new Submission { Source = _adapter.Name, ReceivedAt = at, Facts = facts, History = history, Writers = _adapter.Writers });

    /// <summary>All that is known, one fact for each register.</summary>
    public async Task<IReadOnlyList<Fact>> RegistersAsync()
    {
        var store = _services.GetRequiredService<ILoopStore>();
        var all = new List<Fact>();
        for (RegisterId? after = null; ; after = all[^1].Register)
        {
            var page = await store.ReadFactsAsync(after, 500, CancellationToken.None).ConfigureAwait(false);
            all.AddRange(page);
            if (page.Count < 500) return all;
        }
    }
}
