using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Adapters.Oci.Tests;

/// <summary>Plays a registry on a loopback port: manifests, blobs, tags, and a token server on the same or another port.</summary>
internal sealed class FakeRegistry : IAsyncDisposable
{
    public const string Index = "application/vnd.oci.image.index.v1+json";
    public const string Image = "application/vnd.oci.image.manifest.v1+json";
    public const string Config = "application/vnd.oci.image.config.v1+json";
    public const string Layer = "application/vnd.oci.image.layer.v1.tar+gzip";

    private readonly WebApplication _app;

    private FakeRegistry(WebApplication app) => _app = app;

    public Uri Address { get; private set; } = null!;

    public ConcurrentDictionary<string, (byte[] Body, string Type)> Manifests { get; } = new(StringComparer.Ordinal);

    public ConcurrentDictionary<string, byte[]> Blobs { get; } = new(StringComparer.Ordinal);

    /// <summary>Digests by repository and tag.</summary>
    public ConcurrentDictionary<(string Repository, string Tag), string> Tags { get; } = new();

    public ConcurrentQueue<string> Requests { get; } = [];

    public ConcurrentQueue<string> Authorizations { get; } = [];

    /// <summary>The page size of the tag list; 0: all at once.</summary>
    public int PageSize { get; set; }

    public bool HasReferrersApi { get; set; }

    /// <summary>Answers instead of the registry when it returns true.</summary>
    public Func<HttpContext, Task<bool>>? Instead { get; set; }

    public static async Task<FakeRegistry> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var registry = new FakeRegistry(app);
        app.Run(registry.AnswerAsync);
        await app.StartAsync();
        registry.Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/");
        return registry;
    }

    public static string DigestOf(byte[] bytes) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes));

    public AdapterRegistration Adapter(TimeProvider? time = null, Action<OciOptions>? change = null) =>
        OciAdapter.Create(
            Given.Options(o =>
            {
                o.Address = Address;
                change?.Invoke(o);
            }),
            new HttpClient(SourceClient.CreateHandler()) { Timeout = Timeout.InfiniteTimeSpan },
            time ?? TimeProvider.System);

    public string AddBlob(string content)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(content);
        string digest = DigestOf(bytes);
        Blobs[digest] = bytes;
        return digest;
    }

    public string AddManifest(JsonNode manifest, string type, params string[] tags)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(manifest.ToJsonString());
        string digest = DigestOf(bytes);
        Manifests[digest] = (bytes, type);
        foreach (string tag in tags) Tags[(Given.ImageRepository, tag)] = digest;
        return digest;
    }

    /// <summary>An image of one platform; returns the digests of its manifest and its configuration.</summary>
    public (string Manifest, string Config) AddImage(string? revision, string? source = null, string? tag = null, DateTimeOffset? created = null, string salt = "", Action<JsonObject>? change = null, JsonObject? labels = null)
    {
        labels ??= [];
        if (revision is not null) labels["org.opencontainers.image.revision"] = revision;
        if (source is not null) labels["org.opencontainers.image.source"] = source;
        var config = new JsonObject
        {
            ["created"] = (created ?? Given.Built).ToString("O"),
            ["architecture"] = "amd64",
            ["os"] = "linux",
            ["config"] = new JsonObject { ["Labels"] = labels, ["Env"] = new JsonArray("SALT=" + salt) },
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray() },
        };
        string configDigest = AddBlob(config.ToJsonString());
        var manifest = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = Image,
            ["config"] = Descriptor(Config, configDigest),
            ["layers"] = new JsonArray(Descriptor(Layer, "sha256:" + new string('0', 64))),
        };
        change?.Invoke(manifest);
        return (AddManifest(manifest, Image, tag is null ? [] : [tag]), configDigest);
    }

    public string AddIndex(IEnumerable<JsonNode> children, string? tag = null, Action<JsonObject>? change = null)
    {
        var index = new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = Index, ["manifests"] = new JsonArray([.. children]) };
        change?.Invoke(index);
        return AddManifest(index, Index, tag is null ? [] : [tag]);
    }

    public static JsonObject Child(string digest, string architecture = "amd64") =>
        new() { ["mediaType"] = Image, ["digest"] = digest, ["size"] = 400, ["platform"] = new JsonObject { ["architecture"] = architecture, ["os"] = "linux" } };

    public static JsonObject Descriptor(string type, string digest) => new() { ["mediaType"] = type, ["digest"] = digest, ["size"] = 100 };

    /// <summary>An attestation manifest of a statement, as BuildKit puts it into the index.</summary>
    public JsonObject AddAttestation(string about, string statement, string predicateType)
    {
        string blob = AddBlob(statement);
        var layer = Descriptor("application/vnd.in-toto+json", blob);
        layer["annotations"] = new JsonObject { ["in-toto.io/predicate-type"] = predicateType };
        string digest = AddManifest(new JsonObject { ["schemaVersion"] = 2, ["config"] = Descriptor(Config, AddBlob("{\"rootfs\":{}}")), ["layers"] = new JsonArray(layer) }, Image);
        return new JsonObject
        {
            ["mediaType"] = Image,
            ["digest"] = digest,
            ["size"] = 500,
            ["annotations"] = new JsonObject { ["vnd.docker.reference.type"] = "attestation-manifest", ["vnd.docker.reference.digest"] = about },
            ["platform"] = new JsonObject { ["architecture"] = "unknown", ["os"] = "unknown" },
        };
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        Requests.Enqueue($"{request.Method} {request.Path}{request.QueryString}");
        Authorizations.Enqueue(request.Headers.Authorization.ToString());
        if (Instead is not null && await Instead(context)) return;
        string path = request.Path.Value!;
        foreach (string kind in new[] { "/manifests/", "/blobs/", "/tags/list", "/referrers/" })
        {
            int at = path.IndexOf(kind, StringComparison.Ordinal);
            if (at < 0 || !path.StartsWith("/v2/", StringComparison.Ordinal)) continue;
            string repository = path[4..at], reference = path[(at + kind.Length)..];
            await (kind switch
            {
                "/manifests/" => ManifestAsync(context, repository, reference),
                "/blobs/" => BlobAsync(context, reference),
                "/tags/list" => TagsAsync(context, repository),
                _ => ReferrersAsync(context, reference),
            });
            return;
        }
        response.StatusCode = 404;
    }

    private async Task ManifestAsync(HttpContext context, string repository, string reference)
    {
        string? digest = reference.StartsWith("sha256:", StringComparison.Ordinal) ? reference : Tags.GetValueOrDefault((repository, reference));
        string accept = context.Request.Headers.Accept.ToString();
        // As 2.8.2 does for those who do not list every type.
        if (digest is null || !Manifests.TryGetValue(digest, out var manifest) || !accept.Contains(Index, StringComparison.Ordinal) || !accept.Contains(Image, StringComparison.Ordinal) ||
            !accept.Contains("application/vnd.docker.distribution.manifest.v2+json", StringComparison.Ordinal) || !accept.Contains("application/vnd.docker.distribution.manifest.list.v2+json", StringComparison.Ordinal))
        {
            context.Response.StatusCode = 404;
            await context.Response.WriteAsync("""{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}""");
            return;
        }
        if (context.Request.Headers.IfNoneMatch.ToString() == $"\"{digest}\"")
        {
            context.Response.StatusCode = 304;
            return;
        }
        context.Response.ContentType = manifest.Type;
        context.Response.Headers["Docker-Content-Digest"] = digest;
        context.Response.ContentLength = manifest.Body.Length;
        if (!HttpMethods.IsHead(context.Request.Method)) await context.Response.Body.WriteAsync(manifest.Body);
    }

    private async Task BlobAsync(HttpContext context, string digest)
    {
        if (!Blobs.TryGetValue(digest, out byte[]? blob))
        {
            context.Response.StatusCode = 404;
            return;
        }
        context.Response.ContentType = "application/octet-stream";
        await context.Response.Body.WriteAsync(blob);
    }

    private Task TagsAsync(HttpContext context, string repository)
    {
        var tags = Tags.Keys.Where(k => k.Repository == repository).Select(static k => k.Tag).Order(StringComparer.Ordinal).ToList();
        if (tags.Count == 0)
        {
            context.Response.StatusCode = 404;
            return Task.CompletedTask;
        }
        string last = context.Request.Query["last"].ToString();
        if (PageSize > 0)
        {
            tags = [.. tags.Where(t => string.CompareOrdinal(t, last) > 0)];
            if (tags.Count > PageSize) context.Response.Headers.Link = $"</v2/{repository}/tags/list?n={PageSize}&last={tags[PageSize - 1]}>; rel=\"next\"";
            tags = [.. tags.Take(PageSize)];
        }
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(new JsonObject { ["name"] = repository, ["tags"] = new JsonArray([.. tags.Select(static t => (JsonNode)t)]) }.ToJsonString());
    }

    private Task ReferrersAsync(HttpContext context, string digest)
    {
        if (HasReferrersApi && Tags.TryGetValue((Given.ImageRepository, digest.Replace(':', '-')), out string? list) && Manifests.TryGetValue(list, out var manifest))
        {
            context.Response.ContentType = Index;
            return context.Response.Body.WriteAsync(manifest.Body).AsTask();
        }
        context.Response.StatusCode = 404;
        return Task.CompletedTask;
    }
}
