using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ClosedLoop.AspNetCore.Problems;

/// <summary>A request's raw body, read up to a limit whether or not the sender announced its length.</summary>
internal readonly record struct BoundedBody
{
    // What most deliveries fit into; the largest kinds of GitHub's have about 30 KB.
    private const int FirstBuffer = 32 * 1024;

    // Kestrel counts the framing of chunks as part of the body: a chunk of one byte takes six.
    private const long ChunkFraming = 8;

    /// <summary>The bytes; empty when there is a problem.</summary>
    public ReadOnlyMemory<byte> Bytes { get; private init; }

    /// <summary>Whether it is larger than the limit.</summary>
    public bool IsTooLarge { get; private init; }

    /// <summary>What else was wrong with it.</summary>
    public Problem? Problem { get; private init; }

    public static async ValueTask<BoundedBody> ReadAsync(HttpContext context, int limit)
    {
        var request = context.Request;
        if (request.ContentLength > limit) return new BoundedBody { IsTooLarge = true };
        // The server's own limit may be lower than what the sender is promised here. It is never lowered: the server takes what comes
        // after a refusal up to its limit, and a connection that is closed with bytes under way is reset before the sender has its answer.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false, MaxRequestBodySize: { } most } feature)
            feature.MaxRequestBodySize = Math.Max(most, request.ContentLength is null ? (limit * ChunkFraming) + FirstBuffer : (long)limit + 1);
        try
        {
            return await ReadAsync(request, limit, context.RequestAborted).ConfigureAwait(false);
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return new BoundedBody { IsTooLarge = true };
        }
        catch (BadHttpRequestException exception)
        {
            return new BoundedBody { Problem = Problem.Broken(exception.StatusCode) };
        }
    }

    private static async ValueTask<BoundedBody> ReadAsync(HttpRequest request, int limit, CancellationToken cancellationToken)
    {
        // An announced length is only a promise: memory is taken as bytes really come.
        byte[] buffer = GC.AllocateUninitializedArray<byte>((int)Math.Min(Math.Min(request.ContentLength ?? FirstBuffer, FirstBuffer) + 1, (long)limit + 1));
        int length = 0;
        while (true)
        {
            if (length == buffer.Length) Array.Resize(ref buffer, (int)Math.Min(buffer.Length * 2L, limit + 1L));
            int read = await request.Body.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
            if (read == 0) return new BoundedBody { Bytes = buffer.AsMemory(0, length) };
            length += read;
            if (length > limit) return new BoundedBody { IsTooLarge = true };
        }
    }
}
