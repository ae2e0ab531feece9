using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ClosedLoop.Testing.Sandbox.Webhooks;

namespace ClosedLoop.Testing.Sandbox.Registry;

/// <summary>An image with one layer: its manifest and config as bytes, and their true digests.</summary>
internal sealed record SandboxImage
{
    public required string Repository { get; init; }

    /// <summary>The commit id in full.</summary>
    public required string Tag { get; init; }

    public required byte[] Config { get; init; }

    public required string ConfigDigest { get; init; }

    public required byte[] Layer { get; init; }

    public required string LayerDigest { get; init; }

    public required byte[] Manifest { get; init; }

    public required string Digest { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public static SandboxImage Build(string repository, string commit, int buildNumber, Uri source, DateTimeOffset now)
    {
        byte[] layer = Encoding.UTF8.GetBytes($"layer of {repository} at {commit}");
        byte[] config = WebhookSignature.Bytes(new JsonObject
        {
            ["created"] = now.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
            ["architecture"] = "amd64",
            ["os"] = "linux",
            ["config"] = new JsonObject
            {
                ["Labels"] = new JsonObject
                {
                    ["io.jenkins.build-number"] = buildNumber.ToString(CultureInfo.InvariantCulture),
                    ["org.opencontainers.image.revision"] = commit,
                    ["org.opencontainers.image.source"] = $"{source}{repository}",
                },
            },
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray(DigestOf(layer)) },
        });
        byte[] manifest = WebhookSignature.Bytes(new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = OciMediaTypes.Manifest,
            ["config"] = Descriptor(OciMediaTypes.Config, config),
            ["layers"] = new JsonArray(Descriptor(OciMediaTypes.Layer, layer)),
        });
        return new SandboxImage
        {
            Repository = repository,
            Tag = commit,
            Config = config,
            ConfigDigest = DigestOf(config),
            Layer = layer,
            LayerDigest = DigestOf(layer),
            Manifest = manifest,
            Digest = DigestOf(manifest),
            CreatedAt = now,
        };
    }

    public JsonArray References() => new(Descriptor(OciMediaTypes.Config, Config), Descriptor(OciMediaTypes.Layer, Layer));

    public static string DigestOf(byte[] bytes) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static JsonObject Descriptor(string mediaType, byte[] bytes) => new() { ["mediaType"] = mediaType, ["digest"] = DigestOf(bytes), ["size"] = bytes.Length };
}
