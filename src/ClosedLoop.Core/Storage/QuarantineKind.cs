using System.Text.Json.Serialization;

namespace ClosedLoop.Storage;

/// <summary>Why an input was kept aside.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<QuarantineKind>))]
public enum QuarantineKind
{
    /// <summary>It is authentic and not what its sender's contract says.</summary>
    Malformed = 0,

    /// <summary>Its writer may not write that gate.</summary>
    Refused = 1,

    /// <summary>It could not be applied or stored, alone.</summary>
    Poison = 2,

    /// <summary>Its work failed too often.</summary>
    Exhausted = 3,
}
