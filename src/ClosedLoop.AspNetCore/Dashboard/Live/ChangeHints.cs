using ClosedLoop.AspNetCore.Problems;
using ClosedLoop.Intake;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;

namespace ClosedLoop.AspNetCore.Dashboard.Live;

/// <summary>
/// Server-sent events that say no more than "the record changed", at most once a second, and now and then that the stream still stands. A page
/// that hears it reads itself again: it shows what the store says, whatever was missed. The number of streams is bounded.
/// </summary>
internal sealed class ChangeHints(TransitionFeed feed, TimeProvider time, IHostApplicationLifetime lifetime, int maxStreams)
{
    /// <summary>The shortest time between two hints of one stream.</summary>
    public static readonly TimeSpan Spacing = TimeSpan.FromSeconds(1);

    /// <summary>Proxies close what is silent for longer, and a page that hears nothing for twice as long knows that it is not live.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    private int _streams;

    /// <summary>How many streams are open.</summary>
    public int Streams => Volatile.Read(ref _streams);

    /// <summary>Serves one stream until its reader or the host goes.</summary>
    public async Task ServeAsync(HttpContext context)
    {
        if (Interlocked.Increment(ref _streams) > maxStreams)
        {
            Interlocked.Decrement(ref _streams);
            await Problem.Busy("As many pages follow the record as Dashboard:MaxStreams allows; this one works without.").WriteAsync(context).ConfigureAwait(false);
            return;
        }
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            await StreamAsync(context, stop.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // The page was left or the host stops: nobody is left to tell.
        }
        finally
        {
            Interlocked.Decrement(ref _streams);
        }
    }

    private async Task StreamAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var response = context.Response;
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        // nginx holds answers back otherwise.
        response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        // What changed between the page's reading and this is seen by one hint too many, never by one too few.
        var changed = feed.Next;
        await SendAsync(response, "retry: 2000\nevent: open\ndata: 1\n\n", cancellationToken).ConfigureAwait(false);
        while (true)
        {
            bool isChange = await IsChangedWithinAsync(changed, Heartbeat, cancellationToken).ConfigureAwait(false);
            if (isChange) changed = feed.Next;
            await SendAsync(response, isChange ? "event: changed\ndata: 1\n\n" : "event: alive\ndata: 1\n\n", cancellationToken).ConfigureAwait(false);
            await Task.Delay(Spacing, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<bool> IsChangedWithinAsync(Task changed, TimeSpan longest, CancellationToken cancellationToken)
    {
        try
        {
            await changed.WaitAsync(longest, time, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private static async Task SendAsync(HttpResponse response, string text, CancellationToken cancellationToken)
    {
        await response.WriteAsync(text, cancellationToken).ConfigureAwait(false);
        await response.Body.FlushAsync(cancellationToken).ConfigureAwait(false);
    }
}
