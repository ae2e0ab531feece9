using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using ClosedLoop.AspNetCore.Problems;
using ClosedLoop.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ClosedLoop.AspNetCore.Api.Streaming;

/// <summary>
/// The transition log as server-sent events (WHATWG HTML, 9.2). The log is read only as fast as the client takes it, a page at a time,
/// so a slow client costs one page of memory; one that takes nothing at all for <see cref="Patience"/> is cut off and may come back.
/// </summary>
internal sealed class TransitionStream(TransitionStreams streams, IClosedLoop loop, TimeProvider time, CancellationToken stopping, string? item, long after) : Answer(200)
{
    /// <summary>How often a comment shows that the stream lives: proxies end connections that are silent for 30 s or 60 s.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>How long a client may take nothing before it is cut off.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly byte[] Greeting = "retry: 2000\n\n"u8.ToArray();
    private static readonly byte[] Comment = ": here\n\n"u8.ToArray();

    /// <summary>Whether only the headers are asked for.</summary>
    public bool IsHeadersOnly { get; init; }

    public override async Task WriteAsync(HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = Status;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        // nginx would hold events back until its buffer is full.
        response.Headers["X-Accel-Buffering"] = "no";
        if (IsHeadersOnly) return;
        try
        {
            context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
            await FollowAsync(context, stop.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // The client left, or the host stops: the client asks again from the last event that it has.
        }
        finally
        {
            streams.Close();
        }
    }

    protected override byte[] Body(out string contentType) => throw new NotSupportedException("A stream has no length.");

    private async Task FollowAsync(HttpContext context, CancellationToken cancellationToken)
    {
        await SendAsync(context, Greeting, cancellationToken).ConfigureAwait(false);
        var log = loop.WatchAsync(item, after, cancellationToken).GetAsyncEnumerator(cancellationToken);
        Task<bool>? next = null;
        try
        {
            while (true)
            {
                next ??= log.MoveNextAsync().AsTask();
                if (!await ArrivedAsync(next, cancellationToken).ConfigureAwait(false))
                {
                    await SendAsync(context, Comment, cancellationToken).ConfigureAwait(false);
                    continue;
                }
                if (!await next.ConfigureAwait(false)) return;
                next = null;
                await SendAsync(context, Event(log.Current), cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            // An enumerator must not be disposed while it moves.
            if (next is not null) await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await log.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask<bool> ArrivedAsync(Task next, CancellationToken cancellationToken)
    {
        if (next.IsCompleted) return true;
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var first = await Task.WhenAny(next, Task.Delay(Heartbeat, time, wait.Token)).ConfigureAwait(false);
        await wait.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return first == next;
    }

    private async Task SendAsync(HttpContext context, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var sent = WriteAsync(context, bytes, cancellationToken);
        try
        {
            await sent.WaitAsync(Patience, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            context.Abort();
            throw new IOException("The client took nothing.");
        }
    }

    private static async Task WriteAsync(HttpContext context, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await context.Response.Body.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
        await context.Response.Body.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    // JSON as it is written here has no line breaks, which would end the data.
    private static byte[] Event(Transition transition)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        buffer.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"id: {transition.Sequence}\nevent: transition\ndata: ")));
        buffer.Write(JsonSerializer.SerializeToUtf8Bytes(TransitionBody.Of(transition), ApiJson.Default.TransitionBody));
        buffer.Write("\n\n"u8);
        return buffer.WrittenSpan.ToArray();
    }
}
