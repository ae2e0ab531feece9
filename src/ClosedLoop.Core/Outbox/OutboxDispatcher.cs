using System.Text.Json;
using ClosedLoop.Storage;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Outbox;

/// <summary>Delivers what commits decided, at least once: claim, deliver, complete; failures wait longer each time and then are given up visibly.</summary>
internal sealed partial class OutboxDispatcher(ILoopStore store, IEnumerable<INotificationSink> sinks, TimeProvider time, ILogger<OutboxDispatcher> logger)
{
    public const int MaxAttempts = 12;

    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(30);

    private readonly Dictionary<string, INotificationSink> _sinks = Index(sinks);

    public IReadOnlyCollection<string> SinkNames => _sinks.Keys;

    /// <summary>Delivers what is due now.</summary>
    /// <returns>Whether anything was due.</returns>
    public async ValueTask<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        var claims = await store.ClaimOutboxAsync(new ClaimRequest { Now = time.GetUtcNow(), Lease = Lease, Limit = 50 }, cancellationToken).ConfigureAwait(false);
        if (claims.Count == 0) return false;
        foreach (var claim in claims)
        {
            // One at a time, so that a crash repeats at most one delivery.
            var completion = await DeliverAsync(claim, cancellationToken).ConfigureAwait(false);
            await store.CompleteOutboxAsync([completion], cancellationToken).ConfigureAwait(false);
        }
        return true;
    }

    private async ValueTask<OutboxCompletion> DeliverAsync(OutboxClaim claim, CancellationToken cancellationToken)
    {
        var message = claim.Message;
        var completion = new OutboxCompletion { IdempotencyKey = message.IdempotencyKey, Token = claim.Token };
        if (!_sinks.TryGetValue(message.Sink, out var sink))
            return completion with { Error = $"no sink is named '{message.Sink}' any more" };
        try
        {
            var notification = JsonSerializer.Deserialize(message.Body, NotificationJsonContext.Default.Notification)
                ?? throw new JsonException("the message is null");
            await sink.DeliverAsync(notification, cancellationToken).ConfigureAwait(false);
            return completion;
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            string error = $"{exception.GetType().Name}: {exception.Message}";
            bool givenUp = claim.Attempts >= MaxAttempts;
            if (givenUp) LogGivenUp(logger, exception, message.Sink, message.IdempotencyKey, claim.Attempts);
            else LogRetry(logger, message.Sink, message.IdempotencyKey, claim.Attempts, error);
            return completion with { Error = error, RetryAt = givenUp ? null : time.GetUtcNow() + Backoff(claim.Attempts) };
        }
    }

    private static TimeSpan Backoff(int attempts)
    {
        var wait = FirstRetry * Math.Pow(2, Math.Min(attempts - 1, 20));
        return wait < LongestRetry ? wait : LongestRetry;
    }

    private static Dictionary<string, INotificationSink> Index(IEnumerable<INotificationSink> sinks)
    {
        var byName = new Dictionary<string, INotificationSink>(StringComparer.Ordinal);
        foreach (var sink in sinks)
            if (!byName.TryAdd(sink.Name, sink))
                throw new InvalidOperationException($"Two sinks are named '{sink.Name}'; give one of them another name.");
        return byName;
    }

    [LoggerMessage(31, LogLevel.Warning, "{Sink} did not take {IdempotencyKey} (attempt {Attempt}): {Error}")]
    private static partial void LogRetry(ILogger logger, string sink, string idempotencyKey, int attempt, string error);

    [LoggerMessage(32, LogLevel.Error, "{Sink} did not take {IdempotencyKey} in {Attempts} attempts; it is given up and kept in the quarantine")]
    private static partial void LogGivenUp(ILogger logger, Exception exception, string sink, string idempotencyKey, int attempts);
}
