using System.Text.Json;

namespace ClosedLoop.Adapters.Oci;

/// <summary>
/// Reads GitHub's events <c>package</c> (hooks of repositories and organisations) and <c>registry_package</c> (GitHub Apps). One push brings several: one for
/// each manifest of an index, without a tag. Its <c>target_oid</c> is not always the commit that was built, and is not read.
/// </summary>
internal static class GhcrPayload
{
    private static readonly DateTimeOffset Earliest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static bool IsOne(JsonElement root) => Package(root) is not null;

    public static PushReading Read(JsonElement root, string? eventName, string? deliveryId)
    {
        var reading = new PushReading(eventName is "ping" ? "ping" : "package") { DeliveryId = deliveryId is { Length: > 0 and <= 200 } && !deliveryId.Any(char.IsControl) ? deliveryId : null };
        if (eventName is not (null or "package" or "registry_package"))
        {
            reading.Ignored.Add($"event {SourceText.Quote(eventName)} says nothing of an image");
            return reading;
        }
        if (Package(root) is not { } package)
        {
            reading.Problems.Add("the event needs a package");
            return reading;
        }
        string? action = root.Text("action");
        if (action is not ("published" or "updated")) reading.Ignored.Add($"action {SourceText.Quote(action ?? "")} makes no image");
        else if (!IsContainer(package.Text("package_type")) && !IsContainer(package.Text("ecosystem"))) reading.Ignored.Add($"a package of type {SourceText.Quote(package.Text("package_type") ?? "")} is no image");
        else Read(package, reading);
        return reading;
    }

    private static void Read(JsonElement package, PushReading reading)
    {
        var version = package.Member("package_version") ?? default;
        if (version.Text("container_metadata", "manifest", "media_type") is { Length: > 0 } type && !MediaTypes.IsManifest(type))
        {
            reading.Ignored.Add($"push of {SourceText.Quote(type)}, which is no manifest or index");
            return;
        }
        string?[] digests =
        [
            version.Text("version"), version.Text("name"), version.Text("container_metadata", "tag", "digest"), version.Text("container_metadata", "manifest", "digest"),
        ];
        string? tag = version.Text("container_metadata", "tag", "name");
        reading.Add("package", Repository(package, version), digests.FirstOrDefault(static d => Digest.Read(d) is not null), tag is { Length: > 0 } ? tag : null, Time(package, version));
    }

    // "ghcr.io/acme/web:v1", also "ghcr.io/acme/web:" for a manifest without a tag; else owner and name.
    private static string? Repository(JsonElement package, JsonElement version)
    {
        if ((package.Text("package_url") ?? version.Text("package_url")) is { Length: > 0 and <= 1000 } url)
        {
            int end = url.AsSpan().IndexOfAny(":@");
            string path = end < 0 ? url : url[..end];
            int slash = path.IndexOf('/', StringComparison.Ordinal);
            if (slash > 0 && path[..slash].Contains('.', StringComparison.Ordinal) && ImageRepository.Normalize(path[(slash + 1)..]) is { } name) return name;
        }
        string? owner = package.Text("namespace") ?? package.Text("owner", "login");
        return owner is null ? null : $"{owner}/{package.Text("name")}";
    }

    // Most of its times are 0001-01-01 when the event is sent.
    private static DateTimeOffset? Time(JsonElement package, JsonElement version)
    {
        DateTimeOffset?[] times = [version.Time("updated_at"), version.Time("created_at"), package.Time("updated_at"), package.Time("created_at")];
        return times.FirstOrDefault(static t => t >= Earliest) ?? DateTimeOffset.UnixEpoch;
    }

    private static JsonElement? Package(JsonElement root) =>
        root.Member("package") is { ValueKind: JsonValueKind.Object } package ? package : root.Member("registry_package") is { ValueKind: JsonValueKind.Object } registryPackage ? registryPackage : null;

    private static bool IsContainer(string? type) =>
        string.Equals(type, "container", StringComparison.OrdinalIgnoreCase) || string.Equals(type, "docker", StringComparison.OrdinalIgnoreCase);
}
