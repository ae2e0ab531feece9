using System.Text.Json.Nodes;
using ClosedLoop.Testing.Sandbox.Webhooks;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.Testing.Sandbox.Http;

internal static class ApiReply
{
    public static Task JsonAsync(HttpContext context, JsonNode json, int status = StatusCodes.Status200OK, string contentType = "application/json; charset=utf-8") =>
        BytesAsync(context, WebhookSignature.Bytes(json), contentType, status);

    public static async Task BytesAsync(HttpContext context, byte[] body, string contentType, int status = StatusCodes.Status200OK)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        context.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method)) await context.Response.Body.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>A page for people who follow a link, who have no token: the same JSON, to be read.</summary>
    public static Task PageAsync(HttpContext context, JsonObject json) =>
        BytesAsync(context, System.Text.Encoding.UTF8.GetBytes(json.ToJsonString(Indented)), "text/plain; charset=utf-8");

    private static readonly System.Text.Json.JsonSerializerOptions Indented = new() { WriteIndented = true, TypeInfoResolver = System.Text.Json.Serialization.Metadata.JsonTypeInfoResolver.Combine() };

    /// <summary>Whether the caller already has this version; then it was told so.</summary>
    public static bool IsUnchanged(HttpContext context, string tag)
    {
        context.Response.Headers.ETag = tag;
        if (context.Request.Headers.IfNoneMatch != tag) return false;
        context.Response.StatusCode = StatusCodes.Status304NotModified;
        return true;
    }

    /// <summary>A whole number in the query, within bounds.</summary>
    public static int Number(HttpContext context, string name, int missing, int most) =>
        int.TryParse(context.Request.Query[name], out int value) ? Math.Clamp(value, 1, most) : missing;
}
