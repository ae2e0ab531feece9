using System.Text.Json.Nodes;
using ClosedLoop.Testing.Sandbox.Http;
using ClosedLoop.Testing.Sandbox.World;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.Testing.Sandbox.Registry;

/// <summary>The reading half of the distribution API: tags, manifests and blobs.</summary>
internal sealed class RegistryApi(WorldState world) : ISandboxApi
{
    public Task HandleAsync(HttpContext context)
    {
        context.Response.Headers["Docker-Distribution-Api-Version"] = "registry/2.0";
        if (!ApiToken.IsBearer(context, world.Secrets.RegistryToken))
        {
            context.Response.Headers.WWWAuthenticate = $"Bearer realm=\"{world.Addresses.Registry}token\",service=\"sandbox\"";
            return ErrorAsync(context, StatusCodes.Status401Unauthorized, "UNAUTHORIZED", "authentication required");
        }
        string path = context.Request.Path.Value!;
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method)) return ErrorAsync(context, StatusCodes.Status405MethodNotAllowed, "UNSUPPORTED", "read only");
        if (path is "/v2" or "/v2/") return ApiReply.JsonAsync(context, new JsonObject());
        if (!path.StartsWith("/v2/", StringComparison.Ordinal)) return ErrorAsync(context, StatusCodes.Status404NotFound, "NAME_UNKNOWN", "not found");
        path = path["/v2/".Length..];
        if (path.EndsWith("/tags/list", StringComparison.Ordinal)) return TagsAsync(context, path[..^"/tags/list".Length]);
        if (Split(path, "/manifests/") is var (repository, reference)) return ManifestAsync(context, repository, reference);
        if (Split(path, "/blobs/") is var (owner, digest)) return BlobAsync(context, owner, digest);
        return ErrorAsync(context, StatusCodes.Status404NotFound, "NAME_UNKNOWN", "not found");
    }

    private Task TagsAsync(HttpContext context, string repository)
    {
        List<string> tags;
        lock (world.Lock) tags = [.. world.Registry.Tags(repository).Order(StringComparer.Ordinal)];
        if (context.Request.Query["last"].ToString() is { Length: > 0 } last) tags.RemoveAll(t => string.CompareOrdinal(t, last) <= 0);
        int size = ApiReply.Number(context, "n", int.MaxValue, int.MaxValue);
        if (tags.Count > size)
        {
            tags = tags[..size];
            context.Response.Headers.Link = $"</v2/{repository}/tags/list?n={size}&last={tags[^1]}>; rel=\"next\"";
        }
        return ApiReply.JsonAsync(context, new JsonObject { ["name"] = repository, ["tags"] = new JsonArray([.. tags.Select(static t => (JsonNode?)t)]) });
    }

    private Task ManifestAsync(HttpContext context, string repository, string reference)
    {
        SandboxImage? image;
        lock (world.Lock) world.Registry.TryFindManifest(repository, reference, out image);
        if (image is null) return ErrorAsync(context, StatusCodes.Status404NotFound, "MANIFEST_UNKNOWN", "manifest unknown");
        if (!context.Request.Headers.Accept.ToString().Contains(OciMediaTypes.Manifest, StringComparison.Ordinal))
            return ErrorAsync(context, StatusCodes.Status404NotFound, "MANIFEST_UNKNOWN", "OCI manifest found, but accept header does not support OCI manifests");
        context.Response.Headers["Docker-Content-Digest"] = image.Digest;
        return ApiReply.IsUnchanged(context, $"\"{image.Digest}\"") ? Task.CompletedTask : ApiReply.BytesAsync(context, image.Manifest, OciMediaTypes.Manifest);
    }

    private Task BlobAsync(HttpContext context, string repository, string digest)
    {
        byte[]? blob;
        lock (world.Lock) world.Registry.TryFindBlob(repository, digest, out blob);
        if (blob is null) return ErrorAsync(context, StatusCodes.Status404NotFound, "BLOB_UNKNOWN", "blob unknown to registry");
        context.Response.Headers["Docker-Content-Digest"] = digest;
        return ApiReply.BytesAsync(context, blob, "application/octet-stream");
    }

    private static (string Before, string After)? Split(string path, string separator)
    {
        int at = path.LastIndexOf(separator, StringComparison.Ordinal);
        return at > 0 ? (path[..at], path[(at + separator.Length)..]) : null;
    }

    private static Task ErrorAsync(HttpContext context, int status, string code, string message) =>
        ApiReply.JsonAsync(context, new JsonObject { ["errors"] = new JsonArray(new JsonObject { ["code"] = code, ["message"] = message }) }, status);
}
