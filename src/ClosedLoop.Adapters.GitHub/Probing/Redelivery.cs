using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using ClosedLoop.Adapters.GitHub.Webhooks;

namespace ClosedLoop.Adapters.GitHub.Probing;

/// <summary>
/// Has failed deliveries sent again, each once, as long as GitHub keeps them: it never does that by itself. Part of a sweep, and its last: what
/// goes wrong here is reported and makes no gate blind, since a look finds most of what a delivery said.
/// </summary>
internal sealed class Redelivery(ProbeSession session, ConcurrentDictionary<string, HookMemory> memories, TimeProvider time)
{
    /// <summary>The most deliveries that one sweep has sent again: 20. The rest follow with the next sweeps.</summary>
    public const int MaxInOneSweep = 20;

    /// <summary>How long GitHub keeps deliveries: 3 days.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromDays(3);

    // A delivery is in the list when it has ended, which is up to ten seconds after it began (thirty on an Enterprise Server).
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(10);

    public async Task RepeatAsync(CancellationToken cancellationToken)
    {
        foreach (string hook in session.Settings.RedeliverHooks)
        {
            if (session.IsStopped) return;
            var memory = memories.GetOrAdd(hook, static _ => new HookMemory());
            if (!memory.TryEnter()) continue;
            try
            {
                await RepeatAsync(hook, memory, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                memory.Exit();
            }
        }
    }

    private async Task RepeatAsync(string hook, HookMemory memory, CancellationToken cancellationToken)
    {
        var oldest = time.GetUtcNow() - Window;
        memory.Forget(oldest);
        if (!await ReadAsync(hook, memory, oldest, cancellationToken).ConfigureAwait(false)) return;
        foreach (var delivery in memory.Failed.Values.OrderBy(static d => d.At).ThenBy(static d => d.Id).Take(MaxInOneSweep).ToList())
        {
            string path = string.Create(CultureInfo.InvariantCulture, $"{hook}/deliveries/{delivery.Id}/attempts");
            using var reply = await session.PostAsync(path, hook == HookPath.OfApp, cancellationToken).ConfigureAwait(false);
            // Nobody knows whether a request without an answer was heard: the next sweep's list shows it.
            bool refused = reply.Status is 400 or 404 or 422;
            if (reply.Kind != ReplyKind.Ok && !refused)
            {
                Report(hook, reply);
                return;
            }
            memory.Failed.Remove(delivery.Guid);
            memory.Repeated[delivery.Guid] = delivery.At;
            session.Harvest.Diagnostics.Add(refused
                ? $"{hook}: GitHub does not send the delivery {SourceText.Quote(delivery.Guid)} again ({reply.Status}); what it said is known only where a look finds it"
                : $"{hook}: the delivery {SourceText.Quote(delivery.Guid)} ({SourceText.Quote(delivery.Event)}) had failed with {SourceText.Quote(delivery.Status)} and is sent again");
        }
        if (memory.Failed.Count > 0) session.Harvest.Diagnostics.Add($"{hook}: {memory.Failed.Count} more deliveries failed and are sent again with the next sweeps");
    }

    private async Task<bool> ReadAsync(string hook, HookMemory memory, DateTimeOffset oldest, CancellationToken cancellationToken)
    {
        var settings = session.Settings;
        var until = memory.CoveredUntil - Overlap is { } covered && covered > oldest ? covered : oldest;
        var seen = new List<HookDelivery>();
        Uri? address = new(settings.BaseAddress, $"{hook}/deliveries?per_page=100");
        string? etag = null;
        bool complete = false;
        for (int page = 0; address is not null && !complete; page++)
        {
            if (page >= settings.MaxSweepPages)
            {
                session.Harvest.Diagnostics.Add($"{hook}: more than {settings.MaxSweepPages * 100} deliveries since {until:u}; older ones were not looked at (GitHub:MaxSweepPages)");
                break;
            }
            using var reply = await session.GetAsync(address, page == 0 ? memory.ETag : null, cancellationToken, hook == HookPath.OfApp).ConfigureAwait(false);
            if (reply.Kind == ReplyKind.NotModified) return true;
            if (reply.Kind != ReplyKind.Ok || reply.Document!.RootElement.ValueKind != JsonValueKind.Array)
            {
                Report(hook, reply);
                return false;
            }
            if (page == 0) etag = reply.ETag;
            foreach (var item in reply.Document.RootElement.EnumerateArray())
            {
                if (HookDelivery.Read(item) is not { } delivery) continue;
                if (delivery.At < until) complete = true;
                else seen.Add(delivery);
            }
            address = reply.Next;
        }
        Note(hook, memory, seen);
        memory.ETag = etag;
        if (seen.Count > 0) memory.CoveredUntil = seen.Max(static d => d.At);
        return true;
    }

    private void Note(string hook, HookMemory memory, List<HookDelivery> seen)
    {
        foreach (var delivery in seen)
        {
            if (!delivery.IsRepetition) continue;
            // By us, by another process, or by hand.
            bool isNew = memory.Repeated.TryAdd(delivery.Guid, delivery.At) | memory.Failed.Remove(delivery.Guid);
            if (!delivery.HasArrived && (isNew || delivery.At > memory.CoveredUntil))
                session.Harvest.Diagnostics.Add($"{hook}: the delivery {SourceText.Quote(delivery.Guid)} ({SourceText.Quote(delivery.Event)}) failed again with {SourceText.Quote(delivery.Status)}; its answer is under Recent Deliveries of the hook");
        }
        foreach (var delivery in seen)
            if (!delivery.IsRepetition && !delivery.HasArrived && GitHubWebhookTranslator.Reads(delivery.Event) && !memory.Repeated.ContainsKey(delivery.Guid))
                memory.Failed[delivery.Guid] = delivery;
    }

    private void Report(string hook, GitHubReply reply)
    {
        string why = reply.Status is 403 or 404
            ? $"GitHub does not let this token read it ({reply.Status}); give it read and write access to webhooks, and check the hook's number in GitHub:RedeliverHooks"
            : reply.Detail ?? "GitHub's answer is not a list of deliveries; check GitHub:BaseAddress";
        session.Harvest.Diagnostics.Add($"{hook}: failed deliveries are not sent again now: {why}");
    }
}
