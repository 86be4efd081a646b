namespace Interphase.Units;

/// <summary>Constants of nature, SI (CODATA 2018, exact).</summary>
public static class Constants
{
    /// <summary>Faraday constant, C/mol.</summary>
    public const double Faraday = 96485.33212;

    /// <summary>Gas constant, J/(mol K).</summary>
    public const double Gas = 8.31446261815324;

    /// <summary>Permittivity of vacuum, F/m.</summary>
    public const double VacuumPermittivity = 8.8541878128e-12;
}
