namespace ClosedLoop.Adapters.Health;

/// <summary>A service that is asked over HTTP whether it is well, and which version answers.</summary>
public sealed class HttpHealthCheck : HealthCheckOptions
{
    /// <summary>What is asked for: an absolute http or https address, such as <c>https://shop.example.org/actuator/health</c>. Required.</summary>
    public Uri? Address { get; set; }

    /// <summary>The statuses that are well. The default is 200 alone.</summary>
    public IList<int> Statuses { get; } = [200];

    /// <summary>
    /// The member of the JSON body that says how it is, with dots between the names: <c>status</c>, <c>components.db.status</c>. The default is null: with
    /// <see cref="BodyValues"/>, the whole body is the text that is compared.
    /// </summary>
    public string? BodyPath { get; set; }

    /// <summary>What it must be: one of these texts (<c>UP</c>, <c>Healthy</c>), compared by letter and case. The default is none: the body is not looked at.</summary>
    public IList<string> BodyValues { get; } = [];

    /// <summary>
    /// Where the running version is to be read, when not in the same answer. It is read before and after the check, and both must be equal. The default is null: the
    /// answer itself proves its version, which is better, since it cannot come from another instance.
    /// </summary>
    public Uri? VersionAddress { get; set; }

    /// <summary>The member of the JSON body that has the version: a full commit id or an image's digest. The default is null.</summary>
    public string? VersionPath { get; set; }

    /// <summary>The header that has the version. The default is null. With neither, the whole body at <see cref="VersionAddress"/> is the version.</summary>
    public string? VersionHeader { get; set; }
}
