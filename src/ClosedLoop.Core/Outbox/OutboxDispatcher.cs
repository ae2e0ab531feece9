using ClosedLoop.Storage;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Outbox;

/// <summary>Delivers what commits decided, at least once: claim, deliver, complete; failures wait longer each time and then are given up visibly.</summary>
internal sealed partial class OutboxDispatcher(
    ILoopStore store, IEnumerable<INotificationSink> sinks, IEnumerable<IOutboxConsumer> consumers, OutboxHealth health, TimeProvider time, ILogger<OutboxDispatcher> logger)
{
    public const int MaxAttempts = 12;

    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, IOutboxConsumer> _consumers = Index([.. sinks.Select(static s => new NotificationConsumer(s)), .. consumers]);

    /// <summary>The sinks that are told of single items.</summary>
    public IReadOnlyCollection<string> SinkNames { get; } = [.. sinks.Select(static s => s.Name)];

    /// <summary>Delivers what is due now.</summary>
    /// <returns>Whether anything was due.</returns>
    public async ValueTask<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var claims = await store.ClaimOutboxAsync(new ClaimRequest { Now = now, Lease = Lease, Limit = 50 }, cancellationToken).ConfigureAwait(false);
        if (claims.Count == 0) return false;
        // Sinks beside each other, so that one that hangs holds up no other.
        await Task.WhenAll(claims.GroupBy(static c => c.Message.Sink, StringComparer.Ordinal).Select(group => DeliverAsync([.. group], now, cancellationToken))).ConfigureAwait(false);
        return true;
    }

    private async Task DeliverAsync(OutboxClaim[] claims, DateTimeOffset claimedAt, CancellationToken cancellationToken)
    {
        DateTimeOffset? away = null;
        IReadOnlySet<long>? held = null;
        for (int i = 0; i < claims.Length; i++)
        {
            var claim = claims[i];
            // A slow sink: what waits behind must not be another node's to deliver meanwhile.
            if (time.GetUtcNow() is var now && now - claimedAt > Lease / 2)
            {
                held = await store.RenewAsync(new LeaseRenewal { Until = now + Lease, Outbox = claims[i..] }, cancellationToken).ConfigureAwait(false);
                claimedAt = now;
            }
            if (held?.Contains(claim.Token) == false) continue;
            var completion = new OutboxCompletion { IdempotencyKey = claim.Message.IdempotencyKey, Token = claim.Token };
            // One at a time, so that a crash repeats at most one delivery; and a sink that is away is not tried again in the same round.
            if (away is null) (completion, away) = await DeliverAsync(claim, completion, cancellationToken).ConfigureAwait(false);
            else completion = completion with { Error = "the sink did not answer just now", RetryAt = away };
            await store.CompleteOutboxAsync([completion], cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<(OutboxCompletion Completion, DateTimeOffset? Away)> DeliverAsync(OutboxClaim claim, OutboxCompletion completion, CancellationToken cancellationToken)
    {
        var message = claim.Message;
        if (!_consumers.TryGetValue(message.Sink, out var consumer))
            return (completion with { Error = $"no sink is named '{message.Sink}' any more" }, null);
        try
        {
            await consumer.TakeAsync(message, cancellationToken).ConfigureAwait(false);
            health.Took(consumer.Name);
            return (completion, null);
        }
        catch (OutboxOrderException exception)
        {
            return (completion with { Error = exception.Message, RetryAt = time.GetUtcNow() + FirstRetry }, null);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            string error = $"{exception.GetType().Name}: {exception.Message}";
            health.Failed(consumer.Name, time.GetUtcNow(), error);
            bool givenUp = exception is UndeliverableException || claim.Attempts >= consumer.MaxAttempts;
            if (givenUp) LogGivenUp(logger, exception, message.Sink, message.IdempotencyKey, claim.Attempts);
            else LogRetry(logger, message.Sink, message.IdempotencyKey, claim.Attempts, error);
            var retryAt = time.GetUtcNow() + Backoff(claim.Attempts, consumer.LongestRetry);
            return (completion with { Error = error, RetryAt = givenUp ? null : retryAt }, exception is HttpRequestException or IOException or OperationCanceledException or TimeoutException ? retryAt : null);
        }
    }

    private static TimeSpan Backoff(int attempts, TimeSpan longest)
    {
        var wait = FirstRetry * Math.Pow(2, Math.Min(attempts - 1, 20));
        return wait < longest ? wait : longest;
    }

    private static Dictionary<string, IOutboxConsumer> Index(IEnumerable<IOutboxConsumer> consumers)
    {
        var byName = new Dictionary<string, IOutboxConsumer>(StringComparer.Ordinal);
        foreach (var consumer in consumers)
            if (!byName.TryAdd(consumer.Name, consumer))
                throw new InvalidOperationException($"Two sinks are named '{consumer.Name}'; give one of them another name.");
        return byName;
    }

    [LoggerMessage(31, LogLevel.Warning, "{Sink} did not take {IdempotencyKey} (attempt {Attempt}): {Error}")]
    private static partial void LogRetry(ILogger logger, string sink, string idempotencyKey, int attempt, string error);

    [LoggerMessage(32, LogLevel.Error, "{Sink} did not take {IdempotencyKey} in {Attempts} attempts; it is given up and kept in the quarantine")]
    private static partial void LogGivenUp(ILogger logger, Exception exception, string sink, string idempotencyKey, int attempts);
}
