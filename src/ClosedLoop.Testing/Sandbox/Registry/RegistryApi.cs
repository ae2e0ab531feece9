using System.Globalization;
using System.Text.Json.Nodes;
using ClosedLoop.Testing.Sandbox.Http;
using ClosedLoop.Testing.Sandbox.World;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.Testing.Sandbox.Registry;

/// <summary>The reading half of the distribution API, tags, manifests and blobs, and the token server that it sends its readers to.</summary>
internal sealed class RegistryApi(WorldState world) : ISandboxApi
{
    private const string Service = "sandbox";

    private readonly RegistryTokens _tokens = new(world.Secrets.RegistryPassword);

    public Task HandleAsync(HttpContext context)
    {
        string path = context.Request.Path.Value!;
        if (path == "/token") return TokenAsync(context);
        context.Response.Headers["Docker-Distribution-Api-Version"] = "registry/2.0";
        bool isRoot = path is "/v2" or "/v2/";
        var parts = path.StartsWith("/v2/", StringComparison.Ordinal) ? Split(path["/v2/".Length..]) : null;
        string scope = parts is { Repository: var name } ? $"repository:{name}:pull" : "";
        if (!IsAllowed(context, scope))
        {
            context.Response.Headers.WWWAuthenticate = $"Bearer realm=\"{world.Addresses.Registry}token\",service=\"{Service}\"{(scope.Length == 0 ? "" : $",scope=\"{scope}\"")}";
            return ErrorAsync(context, StatusCodes.Status401Unauthorized, "UNAUTHORIZED", "authentication required");
        }
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method)) return ErrorAsync(context, StatusCodes.Status405MethodNotAllowed, "UNSUPPORTED", "read only");
        if (isRoot) return ApiReply.JsonAsync(context, new JsonObject());
        return parts switch
        {
            { Kind: "tags", Reference: "list" } tags => TagsAsync(context, tags.Repository),
            { Kind: "manifests" } manifest => ManifestAsync(context, manifest.Repository, manifest.Reference),
            { Kind: "blobs" } blob => BlobAsync(context, blob.Repository, blob.Reference),
            _ => ErrorAsync(context, StatusCodes.Status404NotFound, "NAME_UNKNOWN", "not found"),
        };
    }

    // Real ones take the password with each request for a token, and give one that is good for nothing else.
    private Task TokenAsync(HttpContext context)
    {
        if (!ApiToken.IsBasic(context, world.Secrets.RegistryUser, world.Secrets.RegistryPassword))
        {
            context.Response.Headers.WWWAuthenticate = $"Basic realm=\"{Service}\"";
            return ErrorAsync(context, StatusCodes.Status401Unauthorized, "UNAUTHORIZED", "wrong user name or password");
        }
        return ApiReply.JsonAsync(context, new JsonObject
        {
            ["token"] = _tokens.Issue(context.Request.Query["scope"].ToString(), world.Now),
            ["expires_in"] = (int)RegistryTokens.Life.TotalSeconds,
            ["issued_at"] = world.Now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        });
    }

    private bool IsAllowed(HttpContext context, string scope) =>
        context.Request.Headers.Authorization.ToString() is var header && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) && _tokens.IsValid(header["Bearer ".Length..], scope, world.Now);

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

    private static (string Repository, string Kind, string Reference)? Split(string path)
    {
        foreach (string kind in (string[])["tags", "manifests", "blobs"])
            if (path.LastIndexOf($"/{kind}/", StringComparison.Ordinal) is > 0 and var at)
                return (path[..at], kind, path[(at + kind.Length + 2)..]);
        return null;
    }

    private static Task ErrorAsync(HttpContext context, int status, string code, string message) =>
        ApiReply.JsonAsync(context, new JsonObject { ["errors"] = new JsonArray(new JsonObject { ["code"] = code, ["message"] = message }) }, status);
}
