using Microsoft.AspNetCore.Http;

namespace ClosedLoop.AspNetCore.Problems;

/// <summary>What is sent back.</summary>
internal abstract class Answer(int status)
{
    public int Status { get; } = status;

    /// <summary>Whether a client may keep the body and ask later whether it is still the same.</summary>
    public bool IsRevalidated { get; set; }

    public virtual async Task WriteAsync(HttpContext context)
    {
        var response = context.Response;
        // Headers and a length can only be set before the first byte; after it the host's server ends the connection.
        if (response.HasStarted) return;
        response.StatusCode = Status;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = "no-store";
        AddHeaders(response);
        byte[] body = Body(out string contentType);
        if (IsRevalidated)
        {
            // Private: what a caller may read must not reach another one from a cache between them.
            response.Headers.CacheControl = "private, no-cache";
            string tag = EntityTag.Of(body);
            response.Headers.ETag = tag;
            if (EntityTag.Matches(context.Request.Headers.IfNoneMatch, tag))
            {
                response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }
        }
        response.ContentType = contentType;
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method)) await response.Body.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
    }

    protected virtual void AddHeaders(HttpResponse response)
    {
    }

    protected abstract byte[] Body(out string contentType);
}
