namespace ClosedLoop.Adapters.Oci;

/// <summary>What a manifest describes.</summary>
internal enum ManifestKind
{
    /// <summary>Neither an image nor an index: a chart, a signature, an attestation, or a form that is not known.</summary>
    Other = 0,

    /// <summary>An image of one platform.</summary>
    Image = 1,

    /// <summary>A list of manifests.</summary>
    Index = 2,
}
