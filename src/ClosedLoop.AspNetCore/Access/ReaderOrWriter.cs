namespace ClosedLoop.AspNetCore.Access;

/// <summary>Who may use an endpoint.</summary>
internal enum ReaderOrWriter
{
    /// <summary>Anybody when reading is open; else writers and the host's users.</summary>
    Reader = 0,

    /// <summary>Writers only.</summary>
    Writer = 1,
}
