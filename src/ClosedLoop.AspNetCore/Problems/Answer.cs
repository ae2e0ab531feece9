using Microsoft.AspNetCore.Http;

namespace ClosedLoop.AspNetCore.Problems;

/// <summary>What is sent back.</summary>
internal abstract class Answer(int status)
{
    public int Status { get; } = status;

    public async Task WriteAsync(HttpContext context)
    {
        var response = context.Response;
        // Headers and a length can only be set before the first byte; after it the host's server ends the connection.
        if (response.HasStarted) return;
        response.StatusCode = Status;
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        AddHeaders(response);
        byte[] body = Body(out string contentType);
        response.ContentType = contentType;
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method)) await response.Body.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
    }

    protected virtual void AddHeaders(HttpResponse response)
    {
    }

    protected abstract byte[] Body(out string contentType);
}
