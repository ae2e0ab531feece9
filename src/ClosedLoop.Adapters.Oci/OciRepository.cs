namespace ClosedLoop.Adapters.Oci;

/// <summary>An image repository whose images count.</summary>
public sealed class OciRepository
{
    /// <summary>Its name in the registry, such as <c>acme/web</c>. Required.</summary>
    public string Name { get; set; } = "";

    /// <summary>
    /// The git repository that its images are built from, <c>owner/name</c>. Then labels that name another source are not believed: an
    /// image inherits the labels of its base image. The default is null: the image's own source label says it.
    /// </summary>
    public string? GitRepository { get; set; }

    /// <summary>
    /// Whether its images are one part of the gate: they can then not pass it alone. The default is null: yes if another listed
    /// repository names the same <see cref="GitRepository"/>.
    /// </summary>
    public bool? IsPartial { get; set; }
}
