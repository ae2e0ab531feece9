using System.Globalization;
using System.Text.Json;

namespace ClosedLoop.Adapters.Oci;

/// <summary>What the annotations of a manifest or the labels of a configuration say (the keys are those of the OCI image specification).</summary>
internal sealed record ImageLabels(RevisionClaim? Claim, DateTimeOffset? CreatedAt, string? Build)
{
    private const string Prefix = "org.opencontainers.image.";

    private static readonly DateTimeOffset Earliest = new(1990, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static ImageLabels Read(JsonElement labels, string from, string? buildLabel)
    {
        string? revision = labels.Text(Prefix + "revision");
        return new ImageLabels(
            string.IsNullOrWhiteSpace(revision) ? null : new RevisionClaim(revision, labels.Text(Prefix + "source") is { Length: > 0 } source ? source : null, from),
            Plausible(labels.Time(Prefix + "created")),
            buildLabel is not null && labels.Text(buildLabel) is { } build ? BuildAddress(build) : null);
    }

    /// <summary>A reproducible build writes 1970 or 1980: that is no time.</summary>
    public static DateTimeOffset? Plausible(DateTimeOffset? time) => time >= Earliest && time.Value.Year < 9000 ? time : null;

    // A key, never an address that is asked.
    private static string? BuildAddress(string text) =>
        text.Length <= 400 && Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps) && uri.UserInfo.Length == 0 &&
        !text.Any(static c => char.IsControl(c) || char.IsWhiteSpace(c) || char.IsSurrogate(c)) ? text.ToString(CultureInfo.InvariantCulture) : null;
}
